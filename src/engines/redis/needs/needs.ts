import type { AccountId, ChannelId, ResourceId } from '../../../kernel/ids.ts'
import {
  channelKeys,
  dueKey,
  fairKey,
  formKey,
  hooksDueKey,
  hooksKey,
  indexKey,
  ledgerKeys,
  placesKey,
  queuePrefix,
  rateKey,
  transcriptKeys,
} from '../keys.ts'
import { resourceKeys } from '../store/store-keys.ts'
import { type CallPlaces, type CommandName, callOf, commandNames } from './commands.ts'

/** Something that the Redis user must be allowed. */
export interface Need {
  readonly kind: 'command' | 'keys' | 'channels'
  /** A command, or a pattern of keys or channels. */
  readonly name: string
  /** The rule of `ACL SETUSER` that grants it. */
  readonly rule: string
  /** Calls that Redis permits if the need is met, and all other needs are. None of them is ever carried out. */
  readonly calls: readonly (readonly string[])[]
}

/** A key of each kind that we use, for an account, channel and resource that nobody has. */
const account = 'acc-needs' as AccountId
const { topic, ...logKeys } = channelKeys({ account, channel: 'ch-needs' as ChannelId })
export const serviceKeys: readonly string[] = [
  ...Object.values(logKeys),
  ...Object.values(ledgerKeys(account)),
  ...Object.values(transcriptKeys(account, 'ch-needs' as ChannelId)),
  ...Object.values(resourceKeys(account, 'dataset', 'res-needs' as ResourceId)),
  ...[formKey, dueKey, rateKey(account), placesKey, indexKey(account)],
  ...['', ':queue:webhook_needs', ':list:webhook_needs'].map((part) => `${hooksKey(account)}${part}`),
  hooksDueKey,
]
/** BullMQ appends the parts of a queue and the ids of its jobs to its prefix. */
const queueKeys = [
  fairKey,
  ...['meta', 'wait', 'active', 'marker', 'turn.needs', 'turn.needs:lock'].map((name) => `${queuePrefix}:runs:${name}`),
]

const places: CallPlaces = { key: serviceKeys[0] ?? '', channel: topic, queue: queueKeys[1] ?? '' }

function command(name: CommandName): Need {
  return { kind: 'command', name, rule: `+${name.toLowerCase()}`, calls: [callOf(name, places)] }
}

function keys(pattern: string, samples: readonly string[]): Need {
  const calls = samples.flatMap((key) => (['HGET', 'HSET'] as const).map((name) => callOf(name, { ...places, key })))
  return { kind: 'keys', name: pattern, rule: `~${pattern}`, calls }
}

/** All that the service needs of its user. The check at the start, the scripts' own checks and the docs read this list. */
export const needs: readonly Need[] = [
  ...commandNames.map(command),
  keys('bc:*', serviceKeys),
  keys(`${queuePrefix}:*`, queueKeys),
  {
    kind: 'channels',
    name: 'bc:*',
    rule: '&bc:*',
    calls: (['PUBLISH', 'SUBSCRIBE'] as const).map((name) => callOf(name, places)),
  },
]

/** What one missing need, or several of one kind, are called where somebody can grant them. */
export function lacking(missing: readonly Need[]): readonly string[] {
  const nouns = {
    command: ['command', 'commands'],
    keys: ['keys', 'keys'],
    channels: ['channels', 'channels'],
  } as const
  const kinds = ['command', 'keys', 'channels'] as const
  return kinds.flatMap((kind) => {
    const some = missing.filter((need) => need.kind === kind)
    if (some.length === 0) return []
    const [one, several] = nouns[kind]
    const names = some.map(({ name }) => name).join(', ')
    const rules = some.map(({ rule }) => rule).join(' ')
    return [`the user lacks the ${some.length === 1 ? one : several} ${names}; ACL rule: ${rules}`]
  })
}
