import { encodeEvent } from '../../../channel/entry-codec.ts'
import type { LimitKind } from '../../../conversation/limits.ts'
import type { StoredLimits } from '../../../dispatch/limits/stored-bytes.ts'
import type { RaiseOutcome } from '../../../dispatch/parking.ts'
import type { RunStore } from '../../../dispatch/run-store.ts'
import type { ChannelKey } from '../../../kernel/ids.ts'
import { stringifyJson } from '../../../kernel/json.ts'
import type { ScriptArgument } from '../connection.ts'
import { decodeRun, encodePaused, fieldsOfHash } from '../run/run-fields.ts'

type Script = (key: ChannelKey, args: readonly ScriptArgument[]) => Promise<unknown>

/** In the order of raise.lua. */
const kinds: readonly LimitKind[] = ['iterations', 'calls', 'tokens', 'cost']

/** How a run is put aside, and what wakes one that a limit has paused. */
export function createParking(
  { park, raise }: { readonly park: Script; readonly raise: Script },
  limits: StoredLimits,
): Pick<RunStore, 'park' | 'raise'> {
  return {
    async park(key, { claim, seq, seenFacts, lastTag, pause }) {
      const paused =
        pause === undefined
          ? ['']
          : [
              encodePaused({ ...pause.paused.reachedLimit, until: pause.paused.pausedUntil }),
              pause.tag,
              encodeEvent(pause.paused).payload,
              stringifyJson(pause.paused.usage),
            ]
      const reply = await park(key, [claim, seq, seenFacts, lastTag, ...paused])
      // The script returns one of these.
      return reply as 'parked' | 'news' | 'lost'
    },

    async raise(key, { limits: raised, by, tag }) {
      const reply = await raise(key, [
        by,
        tag,
        stringifyJson(raised),
        raised.whenReached === 'end' ? 1 : 0,
        ...kinds.map((kind) => raised[kind] ?? ''),
        limits.log.maxEntries,
        limits.log.maxBytes,
        limits.accountBytes,
      ])
      const [outcome, [fields, ...end]] = reply as [RaiseOutcome, [string[], ...string[]]]
      const run = decodeRun(key, fieldsOfHash(fields), end)
      return run === null ? null : { outcome, run }
    },
  }
}
