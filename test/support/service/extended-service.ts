import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { places } from '../../conformance/engines.ts'
import { opened } from '../lifetime/opened.ts'
import { createScriptedModel, type ScriptedCall, type ScriptedModel, scriptedProvider } from '../run/scripted-model.ts'
import { collect, dispatch, graphql, watchWebsocket } from '../watching/watchers.ts'
import { startService } from './start-service.ts'

const secretsKey = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s='

/**
 * The whole service with models that do as each test tells them, and a server inside that its abilities may reach: it
 * answers with what it was asked.
 */
export async function startExtendedService(start = places.sqlite) {
  const models = new Map<string, ScriptedModel>()
  const inside = createServer((request, response) => {
    const { authorization = null, 'idempotency-key': key } = request.headers
    const body = JSON.stringify({ path: request.url, token: authorization, key })
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => opened(inside).listen(0, '127.0.0.1', resolve))
  const { port } = inside.address() as AddressInfo
  const place = await start()
  const provider = {
    id: 'scripted',
    models: () => [],
    open: (name: string) => models.get(name) ?? ({ kind: 'unknown-model' } as const),
  }
  const service = await startService({
    model: 'demo',
    providers: [provider, scriptedProvider(createScriptedModel([{ lines: ['demo'] }], 'demo'))],
    env: { ...place.env, SECRETS_KEY: secretsKey, FETCH_ALLOW: `127.0.0.1:${port}` },
  })

  const play = (...script: ScriptedCall[]) => {
    const name = `m${models.size + 1}`
    const model = createScriptedModel(script, `scripted:${name}`)
    models.set(name, model)
    return model
  }
  return {
    service,
    /** Of the server inside. */
    port,
    play,
    /** What the model was given first, and all that happened. */
    async run(input: object, ...script: ScriptedCall[]) {
      const { name: model, calls } = play(...(script.length === 0 ? [{ lines: ['Well.'] }] : script))
      const channelId = await dispatch(service, { model, ...input })
      const events = await collect(watchWebsocket(service, { channelId }))
      const [first] = calls
      const system = first?.prompt[0]?.role === 'system' ? first.prompt[0].text : ''
      return { channelId, events, system, names: (first?.tools ?? []).map(({ name }) => name), calls }
    },
    async create(mutation: string, type: string, input: object): Promise<string> {
      const query = `mutation ($input: ${type}!) { made: ${mutation}(input: $input) { id } }`
      const { data, errors } = await graphql<{ made: { id: string } }>(service, query, { input })
      if (errors !== undefined) throw new Error(JSON.stringify(errors))
      return data.made.id
    },
    async refusal(input: object) {
      const query =
        'mutation ($input: DispatchConversationInput!) { dispatchConversation(input: $input) { channelId } }'
      const messages = [{ type: 'USER', text: 'Hi' }]
      const { errors } = await graphql(service, query, { input: { messages, model: 'demo', ...input } })
      return { code: errors?.[0]?.extensions?.['code'], issues: errors?.[0]?.extensions?.['issues'] }
    },
  }
}
