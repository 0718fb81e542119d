import { type AddReply, mostUnheard } from '../../../dispatch/added-messages.ts'
import type { StoredLimits } from '../../../dispatch/limits/stored-bytes.ts'
import type { RunStore } from '../../../dispatch/run-store.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import type { ScriptArgument } from '../connection.ts'
import { decodeRun, fieldsOfHash } from './run-fields.ts'

/** @param add `add.lua`, on the keys of a run */
export function createAddMessages(
  add: (key: ChannelKey, args: readonly ScriptArgument[]) => Promise<unknown>,
  { log, accountBytes }: StoredLimits,
): RunStore['add'] {
  return async (key, { messages, sawHeld, tag }) => {
    const seen = sawHeld === null ? '' : sawHeld ? 1 : 0
    const texts = messages.flatMap(({ message, digest }) => [message.id, digest, stringifyJson(message)])
    const reply = await add(key, [seen, tag, mostUnheard, log.maxEntries, log.maxBytes, accountBytes, ...texts])
    // The script returns nothing else.
    const [outcome, rest] = reply as ['conflict', number] | [Exclude<AddReply['outcome'], 'conflict'>, Record] | []
    if (outcome === undefined) return null
    if (outcome === 'conflict') return { outcome, index: rest }
    const [fields, ...end] = rest
    const run = decodeRun(key, fieldsOfHash(fields), end)
    return run === null ? null : { outcome, run }
  }
}

type Record = [fields: string[], ...end: string[]]
