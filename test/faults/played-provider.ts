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

/** What a model of a conversation's dispatch was asked with: the words that people said, in the prompt's order. */
export interface AskedWords {
  readonly channelId: string
  readonly words: readonly string[]
}

export interface PlayedProvider {
  readonly providers: MockProviders
  /** The words of a dispatch that make the provider play the plan. */
  begin(channelId: string, plan: Plan): string
  /** The backstory of a dispatch of a conversation that makes the provider play the plan: what others have said comes before its words. */
  beginTalk(channelId: string, plan: Plan): string
  readonly told: readonly ToldResult[]
  readonly asked: readonly AskedWords[]
  close(): Promise<void>
}

/**
 * Providers on their own wire formats, which keep nothing: what they say next follows from the request alone. Now and then
 * they put a call off, cut a stream or fall over. @param pace how slowly they speak: before each chunk, of which an answer has some fifty
 */
export async function startPlayedProvider(
  random: Random,
  pace: { readonly latencyMs?: number } = {},
): Promise<PlayedProvider> {
  const plans = new Map<string, { readonly channelId: string; readonly plan: Plan }>()
  const talks = new Map<string, Plan>()
  const told: ToldResult[] = []
  const asked: AskedWords[] = []
  const answerTalk = (channelId: string, { messages }: ChatCompletionRequest): Act => {
    const tag = tagOf(channelId)
    const said = messages.filter(({ role }) => role === 'user').map(({ content }) => textOf(content))
    asked.push({ channelId, words: [...said.join(' ').matchAll(/say (\w+)\./g)].map(([, word = '']) => word) })
    for (const { role, tool_call_id: id = '', content } of messages) {
      if (role !== 'tool' || !id.endsWith(tag)) continue
      told.push({ channelId, providerCallId: id, content: textOf(content), at: Date.now() })
    }
    return act(random, { plan: talks.get(channelId) ?? [], messages, tag })
  }
  const providers = await startMockProviders(
    'That is all there is to say of it, and it was said. '.repeat(8),
    (_, request) => {
      const system = textOf(request.messages.find(({ role }) => role === 'system')?.content)
      const [, talk] = /^Talk on (\S+)\./.exec(system) ?? []
      if (talk !== undefined) return answerTalk(talk, request)
      const run = plans.get(textOf(request.messages.find(({ role }) => role === 'user')?.content))
      if (run === undefined) return 'answer'
      const { channelId, plan } = run
      for (const { role, tool_call_id, content } of request.messages) {
        if (role !== 'tool') continue
        told.push({ channelId, providerCallId: tool_call_id ?? '', content: textOf(content), at: Date.now() })
      }
      return act(random, { plan, messages: request.messages, tag: '' })
    },
    pace,
  )
  return {
    providers,
    begin(channelId, plan) {
      const text = `Play the plan of ${channelId}.`
      plans.set(text, { channelId, plan })
      return text
    },
    beginTalk(channelId, plan) {
      talks.set(channelId, plan)
      return `Talk on ${channelId}.`
    },
    told,
    asked,
    close: () => providers.close(),
  }
}

interface Playing {
  readonly plan: Plan
  readonly messages: ChatCompletionRequest['messages']
  /** Ends the ids of the run's own calls: those of other dispatches stand in its prompt, too. */
  readonly tag: string
}

function act(random: Random, { plan, messages, tag }: Playing): Act {
  const fate = random.int(100)
  if (fate < 4) return 'throttle'
  if (fate < 8) return 'cut'
  const own = messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id)).filter((id) => id.endsWith(tag))
  const turn = new Set(own.map(turnOf)).size
  const calls = plan[turn]
  if (calls === undefined) return 'answer'
  return { calls: calls.map((name, index) => ({ name, arguments: '{}', id: `call_t${turn}_${index}${tag}` })) }
}

function tagOf(channelId: string): string {
  return `_${channelId.slice(-8)}`
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
