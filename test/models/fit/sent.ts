import type { Model, ModelCall } from '../../../src/models/model.ts'
import { createProviders } from '../../../src/models/providers.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { noAccess } from '../provider/no-access.ts'

export interface SentTo {
  /** `provider:name`, settings not included. */
  readonly model: string
  readonly settings?: Readonly<Record<string, string>>
  /** Of the compatible server. */
  readonly host?: string
}

type Asked = Omit<ModelCall, 'signal'>

/** The model at that destination, whose provider refuses everything. `onSent` gets the bodies that go out. */
export function modelAt({ model, settings = {}, host = '127.0.0.1' }: SentTo, onSent: (body: string) => void): Model {
  const { providers } = opened(
    createProviders({
      access: {
        ...noAccess,
        openai: { apiKey: 'sk-openai' },
        anthropic: { apiKey: 'sk-anthropic' },
        compatible: { baseUrl: `https://${host}/v1` },
      },
      fetch: async (_url, init) => {
        if (init?.method === 'POST') onSent(String(init.body))
        return new Response('{"error":{"message":"refused"}}', { status: 400 })
      },
      clock: () => 0,
      sleep: (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true })),
      random: () => 0,
      maxInFlight: 10,
      silenceMs: 1000,
    }),
  )
  const [id = '', name = ''] = model.split(/:(.*)/)
  const found = providers.find((provider) => provider.id === id)?.open(name, settings)
  if (found === undefined || 'kind' in found) throw new Error(`${model} was refused`)
  return found
}

/** The body that goes out to the provider for one call, which is answered with a refusal. */
export async function sentBody(to: SentTo, asked: Asked) {
  const bodies: string[] = []
  const model = modelAt(to, (body) => bodies.push(body))
  const { signal } = new AbortController()
  const refused = model
    .stream({ ...asked, signal })
    [Symbol.asyncIterator]()
    .next()
  await refused.catch(() => {})
  const [body] = bodies
  if (body === undefined) throw new Error('nothing was sent')
  return { text: body, json: JSON.parse(body) as Record<string, unknown> }
}

/** The conversation in that body, whatever the API calls it. */
export async function sentMessages(to: SentTo, asked: Asked): Promise<unknown> {
  const { json } = await sentBody(to, asked)
  return json['messages'] ?? json['input']
}
