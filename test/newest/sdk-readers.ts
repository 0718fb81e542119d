/** What one of the providers' own SDKs makes of an answer. */
export interface SdkReader {
  readonly name: string
  readonly protocol: string
  read(fetch: typeof globalThis.fetch): Promise<string>
}

type Create = (body: object) => Promise<AsyncIterable<unknown>>

interface OpenAiClient {
  readonly chat: { readonly completions: { readonly create: Create } }
  readonly responses: { readonly create: Create }
}

interface AnthropicClient {
  readonly messages: { readonly create: Create }
}

type Client<Made> = new (options: object) => Made

/** None where the SDKs are not installed: they are no dependencies of ours. */
export async function readers(isWanted: boolean): Promise<readonly SdkReader[]> {
  if (!isWanted) return []
  const [OpenAI, Anthropic] = await Promise.all([
    sdk<OpenAiClient>('openai'),
    sdk<AnthropicClient>('@anthropic-ai/sdk'),
  ])
  const options = { apiKey: 'sk-of-nobody', baseURL: 'http://provider.test/v1', maxRetries: 0 }
  const messages = [{ role: 'user', content: 'Hi' }]
  return [
    {
      name: 'the openai SDK',
      protocol: 'chat',
      read: (fetch) => {
        const { completions } = new OpenAI({ ...options, fetch }).chat
        return all(() => completions.create({ model: 'm', messages, stream: true }))
      },
    },
    {
      name: 'the openai SDK',
      protocol: 'responses',
      read: (fetch) => {
        const { responses } = new OpenAI({ ...options, fetch })
        return all(() => responses.create({ model: 'm', input: 'Hi', stream: true }))
      },
    },
    {
      name: 'the anthropic SDK',
      protocol: 'anthropic',
      read: (fetch) => {
        const client = new Anthropic({ ...options, fetch })
        return all(() => client.messages.create({ model: 'm', max_tokens: 100, messages, stream: true }))
      },
    },
  ]
}

async function sdk<Made>(name: string): Promise<Client<Made>> {
  // The cast holds as far as its last release did; a change of it shows in what is read.
  return ((await import(name)) as { readonly default: Client<Made> }).default
}

/** How many events it hands on, the last of them, and the error that it ends with. */
async function all(create: () => Promise<AsyncIterable<unknown>>): Promise<string> {
  let events = 0
  let last: unknown = null
  try {
    for await (const event of await create()) {
      events += 1
      last = event
    }
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return `${events} events, then ${error instanceof Error ? error.constructor.name : 'an error'}: ${message}`
  }
  return `${events} events, the last ${JSON.stringify(last)}`
}
