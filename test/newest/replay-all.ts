import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createProviders, type ProvidersOptions, registry } from '../../src/models/providers.ts'
import { readers } from './sdk-readers.ts'

/**
 * Plays every recorded stream to all that read its protocol, and prints what each makes of it as JSON. Run in this
 * repository it uses the installed packages; in a copy with other `node_modules`, those.
 */
const streams = join(import.meta.dirname, '../models/streams')
const contentTypes: Readonly<Record<string, string>> = {
  sse: 'text/event-stream',
  json: 'application/json',
  html: 'text/html',
}
const ours: Readonly<Record<string, readonly string[]>> = {
  chat: ['openai-chat', 'compatible'],
  responses: ['openai'],
  anthropic: ['anthropic'],
}

function answering(file: string): typeof fetch {
  const headers = { 'content-type': contentTypes[file.split('.').at(-1) ?? ''] ?? '' }
  const body = readFileSync(join(streams, file))
  return async (_, init) => new Response(body, { status: init?.method === 'POST' ? 200 : 404, headers })
}

async function readByUs(id: string, fetch: typeof globalThis.fetch): Promise<string> {
  const one = { apiKey: 'sk-of-nobody', baseUrl: 'http://provider.test/v1' }
  // The cast holds because every provider of the registry is there, and each takes a key and an address.
  const access: unknown = Object.fromEntries(Object.keys(registry).map((name) => [name, one]))
  const { providers, close } = createProviders({
    access: access as ProvidersOptions['access'],
    fetch,
    clock: () => performance.now(),
    sleep: (_, signal) => new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true })),
    random: () => 0,
    maxInFlight: 1,
    silenceMs: 10_000,
  })
  const model = providers.find((provider) => provider.id === id)?.open('m', {})
  if (model === undefined || 'kind' in model) throw new Error(`There is no ${id}.`)
  const said: string[] = []
  try {
    const prompt = [{ role: 'user', text: 'Hi' }] as const
    for await (const part of model.stream({ prompt, signal: new AbortController().signal })) {
      if (part.type === 'text' || part.type === 'reasoning') said.push(part.text)
      if (part.type === 'call') said.push(`[${part.name} ${part.arguments}]`)
      if (part.type === 'finish') said.push(`[${part.finish} ${JSON.stringify(part.usage)}]`)
    }
  } catch (error) {
    said.push(`[${String(error)}]`)
  } finally {
    close()
  }
  return said.join('')
}

const read: Record<string, string> = {}
for (const file of globSync('*/*', { cwd: streams }).sort()) {
  const [protocol = ''] = file.split('/')
  for (const id of ours[protocol] ?? []) read[`${file} by ${id}`] = await readByUs(id, answering(file))
  for (const { name, protocol: its, read: readBySdk } of await readers(process.argv.includes('--sdks'))) {
    if (its === protocol) read[`${file} by ${name}`] = await readBySdk(answering(file))
  }
}
process.stdout.write(JSON.stringify(read))
