import { Link } from 'wouter'
import type { RunDetailQuery } from '../generated/operations.ts'
import { hasEnded, type RunView } from '../log/run-view.ts'
import { Facts } from '../ui/facts.tsx'
import { formatCost, formatDuration, formatNumber, formatTime } from '../ui/format.ts'

interface RunHeaderProps {
  readonly run: NonNullable<RunDetailQuery['dispatch']>
  readonly view: RunView
}

export function RunHeader({ run, view }: RunHeaderProps) {
  const usage = hasEnded(run.status) ? run.usage : { ...run.usage, ...view.usage }
  const startedAt = run.startedAt === null ? view.startedAt : Date.parse(run.startedAt)
  const until = view.finishedAt ?? view.lastAt
  return (
    <Facts
      of={[
        ['Model', view.model ?? run.model],
        ['Accepted', formatTime(run.createdAt)],
        ['Attempts', view.attempts || run.attempts || null],
        ['Duration', startedAt === null || until === null ? null : formatDuration(until - startedAt)],
        ['Iterations', usage.iterations || null],
        ['Calls', usage.calls || null],
        ['Tokens', tokensOf(usage)],
        ['Cost', usage.cost === null ? null : formatCost(usage.cost)],
        ['Finish reason', view.finishReason ?? run.result?.finishReason ?? null],
        ['Priority', run.priority || null],
        ['Bot', run.bot && (run.bot.name ?? run.bot.id)],
        ['Contact', run.contact && (run.contact.name ?? run.contact.id)],
        [
          'Conversation',
          run.conversationId && <Link href={`/runs?conversation=${run.conversationId}`}>{run.conversationId}</Link>,
        ],
      ]}
    />
  )
}

interface Tokens {
  readonly inputTokens: number
  readonly cachedInputTokens: number
  readonly outputTokens: number
  readonly reasoningTokens: number
  readonly discardedTokens: number
}

function tokensOf(usage: Tokens): string | null {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, discardedTokens } = usage
  if (inputTokens + outputTokens === 0) return null
  const more = [
    cachedInputTokens > 0 && `${formatNumber(cachedInputTokens)} cached`,
    reasoningTokens > 0 && `${formatNumber(reasoningTokens)} reasoning`,
    discardedTokens > 0 && `${formatNumber(discardedTokens)} discarded`,
  ].filter((each) => each !== false)
  const whole = `${formatNumber(inputTokens)} in, ${formatNumber(outputTokens)} out`
  return more.length > 0 ? `${whole} (${more.join(', ')})` : whole
}
