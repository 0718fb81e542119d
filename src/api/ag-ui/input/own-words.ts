import { Failure, type InputIssue, ofFields } from '../../../kernel/errors.ts'
import type { Placed } from './news.ts'

/** The fields of a dispatch, and what an AG-UI input calls them. */
const names: Readonly<Record<string, string>> = {
  functions: 'tools',
  extensions: 'context',
  conversationId: 'threadId',
  channelId: 'runId',
  continuesUpTo: 'messages',
  botId: 'agent',
  model: 'agent',
  timezone: 'X-Timezone',
}

/** The error of a dispatch in the words of the AG-UI input that led to it. @param said where its messages stand in the input */
export function inOwnWords(error: unknown, said: readonly Placed[]): unknown {
  if (!(error instanceof Failure) || error.issues.length === 0) return error
  const { code, issues, retryAfterSeconds } = error
  const told = ofFields(
    code,
    issues.map(({ path, message }) => ({ path: ownPath(path[0] === 'input' ? path.slice(1) : path, said), message })),
  )
  return retryAfterSeconds === null ? told : new Failure(code, told.message, { issues: told.issues, retryAfterSeconds })
}

function ownPath([head, ...rest]: InputIssue['path'], said: readonly Placed[]): InputIssue['path'] {
  if (head === undefined) return []
  const newest = said.at(-1)?.index ?? 0
  if (head === 'attachments') return ['messages', newest, 'content']
  const [at, field, ...deeper] = rest
  if (head !== 'messages' || typeof at !== 'number') return [names[head] ?? head, ...rest]
  const place = ['messages', said[at]?.index ?? newest]
  return field === undefined ? place : [...place, field === 'text' ? 'content' : field, ...deeper]
}
