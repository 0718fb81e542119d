import { outcomes } from '../kernel/errors.ts'
import type { News, RunNews } from '../kernel/news.ts'
import type { Logger } from './logger.ts'

type Level = 'debug' | 'info' | 'warn'

/** The level and text of the log line for each kind of news. Null: too frequent to log. A run that failed is logged as `warn`. */
const lines: { readonly [Type in News['type']]: readonly [Level, string] | null } = {
  dispatched: ['info', 'dispatched'],
  'dispatched-again': ['debug', 'dispatched again'],
  started: ['info', 'started'],
  iterated: ['debug', 'iterated'],
  parked: ['info', 'parked'],
  paused: ['info', 'paused by a limit'],
  raised: ['info', 'limits raised'],
  answered: ['info', 'answered'],
  'handed-back': ['info', 'handed back'],
  'model-failed': ['warn', 'model call failed'],
  'append-refused': ['warn', 'append refused'],
  ended: ['info', 'ended'],
  'run-taken': null,
  'run-left': null,
  'turn-taken': null,
  requested: null,
  serving: null,
  operated: null,
  'client-came': null,
  'client-went': null,
  appended: null,
  'reader-came': null,
  'reader-went': null,
  delivered: null,
  replayed: null,
  'first-token': null,
  'model-called': null,
  'ability-called': null,
  'webhook-attempted': null,
  'job-done': null,
  'loop-delayed': null,
}

/** Logs what happens to runs, with account and channel. */
export function createRunLog(logger: Logger): (news: News) => void {
  return (news) => {
    const line = lines[news.type]
    if (line === null) return
    const [level, message] = line
    // All news with a line is RunNews.
    const { type: _type, key, ...rest } = news as RunNews
    if (news.type === 'ended' && news.outcome === 'failed') {
      // The reason in our own words: a provider's may quote what people say.
      return logger.warn({ ...key, ...rounded(rest), reason: outcomes[news.code ?? 'INTERNAL'] }, message)
    }
    logger[level]({ ...key, ...rounded(rest) }, message)
  }
}

function rounded(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, name.endsWith('Ms') ? Math.round(value) : value]),
  )
}
