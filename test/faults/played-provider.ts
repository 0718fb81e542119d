import type { ChatCompletionRequest } from '@copilotkit/aimock'
import { type Act, type MockProviders, startMockProviders } from '../support/run/mock-providers.ts'
import type { Random } from './random.ts'

/** What a run's model asks for, turn by turn; then it answers. */
export type Plan = readonly (readonly string[])[]

/** What a provider was told of a call, by the id that it gave it. */
export interface ToldResult {
  readonly channelId: string
  readonly providerCallId: string
  readonly content: string
  readonly at: number
}

export interface PlayedProvider {
  readonly providers: MockProviders
  /** The words of a dispatch that make the provider play the plan. */
  begin(channelId: string, plan: Plan): string
  readonly told: readonly ToldResult[]
  close(): Promise<void>
}

/**
 * Providers on their own wire formats, which keep nothing: what they say next follows from the request alone. Now and then
 * they put a call off, cut a stream or fall over.
 */
export async function startPlayedProvider(random: Random): Promise<PlayedProvider> {
  const plans = new Map<string, { readonly channelId: string; readonly plan: Plan }>()
  const told: ToldResult[] = []
  const providers = await startMockProviders(
    'That is all there is to say of it, and it was said. '.repeat(8),
    (_, request) => {
      const run = plans.get(textOf(request.messages.find(({ role }) => role === 'user')?.content))
      if (run === undefined) return 'answer'
      const { channelId, plan } = run
      for (const { role, tool_call_id, content } of request.messages) {
        if (role !== 'tool') continue
        told.push({ channelId, providerCallId: tool_call_id ?? '', content: textOf(content), at: Date.now() })
      }
      return act(random, plan, request)
    },
  )
  return {
    providers,
    begin(channelId, plan) {
      const text = `Play the plan of ${channelId}.`
      plans.set(text, { channelId, plan })
      return text
    },
    told,
    close: () => providers.close(),
  }
}

function act(random: Random, plan: Plan, { messages }: ChatCompletionRequest): Act {
  const fate = random.int(100)
  if (fate < 4) return 'throttle'
  if (fate < 8) return 'cut'
  const turn = new Set(messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => turnOf(id)))).size
  const calls = plan[turn]
  if (calls === undefined) return 'answer'
  return { calls: calls.map((name, index) => ({ name, arguments: '{}', id: `call_t${turn}_${index}` })) }
}

/** Our ids tell which turn they were given in; a provider without memory has no other way to know. */
function turnOf(providerCallId: string): string {
  return providerCallId.split('_')[1] ?? ''
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { readonly text?: string }) => part.text ?? '').join('')
}
