import type { Entry, JudgedEvent } from './judge-log.ts'

/** The limits that a dispatch was sent with, as far as they are judged. */
export interface JudgedLimits {
  readonly iterations?: number
  readonly tokens?: number
  readonly cost?: number
  readonly whenReached?: 'end' | 'pause'
}

type Kind = 'iterations' | 'tokens' | 'cost'
const kinds: readonly Kind[] = ['iterations', 'tokens', 'cost']
/** How a run completes that has used one of them up, and is not to pause. */
const endsAs: Readonly<Record<string, Kind>> = { iteration: 'iterations', tokens: 'tokens', cost: 'cost' }

/** What the log has used and allowed up to some place. */
interface Account {
  readonly used: Record<Kind, number>
  limits: JudgedLimits
  isPaused: boolean
}

/**
 * Run 30 to 32: no model call begins when a limit is used up, as the log has it, so a run goes beyond its limits by no more than the call in
 * flight; a pause says what is used and allowed, comes only when that is so, and once; nothing happens until a raise ends it.
 */
export function judgeBudget(log: readonly Entry[], limits: JudgedLimits): string[] {
  const account: Account = { used: { iterations: 0, tokens: 0, cost: 0 }, limits, isPaused: false }
  return log.flatMap((entry) => {
    const wrong = judgeEntry(entry, account).map((line) => `${line} at ${entry.offset}`)
    count(entry.event, entry.kind, account)
    return wrong
  })
}

function judgeEntry({ kind, event }: Entry, { used, limits, isPaused }: Account): string[] {
  const left = (name: Kind) => (limits[name] ?? Number.POSITIVE_INFINITY) - used[name]
  if (isPaused && /started|delta|finished|dispatch-completed|dispatch-paused/.test(kind)) {
    return [`${kind} of a run that is paused`]
  }
  if (kind === 'iteration-started') {
    return kinds
      .filter((name) => left(name) <= 0)
      .map((name) => `a model call begins after ${used[name]} of ${limits[name]} ${name}`)
  }
  if (kind === 'dispatch-paused') {
    const { kind: name, used: saidUsed, allowed } = event.reachedLimit ?? { kind: '', used: 0, allowed: 0 }
    if (!isJudged(name)) return []
    const is = `it pauses at ${saidUsed} of ${allowed} ${name}; the log has ${used[name]} of ${limits[name]}`
    const isSo = saidUsed === used[name] && allowed === limits[name] && left(name) <= 0
    return isSo && limits.whenReached === 'pause' ? [] : [is]
  }
  const reached = kind === 'dispatch-completed' ? endsAs[event.result?.finishReason ?? ''] : undefined
  if (reached === undefined) return []
  if (limits.whenReached === 'pause') return [`it ends for its ${reached}, and was to pause`]
  return left(reached) <= 0 ? [] : [`it ends for its ${reached} after ${used[reached]} of ${limits[reached]}`]
}

function count({ usage, limits, stillReached }: JudgedEvent, kind: string, account: Account): void {
  if (kind === 'iteration-finished') account.used.iterations += 1
  if (kind === 'iteration-finished' || kind === 'message-discarded') {
    account.used.tokens += usage?.totalTokens ?? 0
    account.used.cost += usage?.cost ?? 0
  }
  if (kind === 'dispatch-paused') {
    account.isPaused = true
    // Failed tries are in it, whose iteration has not finished.
    account.used.tokens = Math.max(account.used.tokens, usage?.totalTokens ?? 0)
    account.used.cost = Math.max(account.used.cost, usage?.cost ?? 0)
  }
  if (kind !== 'limits-raised') return
  account.limits = { ...account.limits, ...limits }
  if (stillReached == null) account.isPaused = false
}

function isJudged(name: string): name is Kind {
  return kinds.some((kind) => kind === name)
}
