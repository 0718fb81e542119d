import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import type { PerAccount } from '../config/forms.ts'
import type { Accounts } from '../config/live-accounts.ts'
import type { Answers } from '../dispatch/answer.ts'
import { createDailyBudget, type DailyBudget, type UsedToday } from '../dispatch/limits/used-today.ts'
import type { LineWork } from '../dispatch/line/line-work.ts'
import type { Engine } from '../engines/engine.ts'
import { type AccountId, createIds } from '../kernel/ids.ts'
import type { Lifecycle } from '../kernel/lifecycle.ts'
import type { LoopTurns } from '../kernel/loop-turns.ts'
import { randomText } from '../kernel/random-text.ts'
import type { Catalogue } from '../models/catalogue.ts'
import type { Vault } from '../store/vault.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Helpers } from './open-helpers.ts'

/** What app.ts has opened, for what it opens next. Each registers with the lifecycle what it has to close. */
export interface Parts {
  readonly config: Config
  readonly accounts: Accounts
  readonly engine: Engine
  /** As people call it. */
  readonly engineTitle: string
  /** True: the data of the engine outlives this process. */
  readonly isDurable: boolean
  /** Completes "Everything is kept in …". */
  readonly keptIn: string
  readonly telemetry: Telemetry
  readonly helpers: Helpers
  /** Null: secrets cannot be stored. */
  readonly vault: Vault | null
  readonly answers: Answers
  readonly lineWork: LineWork
  readonly catalogue: Catalogue
  readonly logger: Logger
  readonly lifecycle: Lifecycle
  /** Of this process: its API and its worker have one event loop. */
  readonly loopTurns: LoopTurns
  readonly onError: (error: unknown) => void
}

export const wallClock = () => Date.now()
export const abortableSleep = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal })
export const ids = createIds(randomText)

/** Logs the whole defect and returns the id of the log entry, for the caller to quote. */
export function report(logger: Logger, what: string, error: unknown, context: object): string {
  const id = ids.errorId()
  logger.error({ err: error, id, ...context }, what)
  return id
}

/** What each account may use in a day, as configured: what the file of ACCOUNTS says by now comes before the variables. */
export function dailyBudget(
  { config: { tokensPerDay, costPerDay }, accounts }: Pick<Parts, 'config' | 'accounts'>,
  usedToday: UsedToday,
): DailyBudget {
  const limitOf = (given: PerAccount, account: AccountId, own: number | null): number | null => {
    // 0 is no limit.
    if (own !== null) return own === 0 ? null : own
    return Object.hasOwn(given.accounts, account) ? (given.accounts[account] ?? null) : given.all
  }
  return createDailyBudget(usedToday, (account) => {
    const { tokens, cost } = accounts.dayOf(account)
    return { tokens: limitOf(tokensPerDay, account, tokens), cost: limitOf(costPerDay, account, cost) }
  })
}
