import { Command, Redis } from 'ioredis'

/**
 * What touches keys of several owners today, which a cluster would refuse: scripts by their names, and the owners, which README.md of
 * src/engines/redis explains. It gets shorter, and never longer. A pipeline is one for each node of a cluster.
 */
export const spanning: Readonly<Record<string, string>> = {
  'a pipeline': 'channel',
  add: 'channel ledger',
  'append-ending': 'channel due-webhooks endpoints ledger recent standing used-today',
  'append-run': 'channel ledger recent used-today',
  begin: 'channel conversation due-webhooks endpoints ledger recent standing transcript',
  cancel: 'channel due-webhooks endpoints ledger recent standing',
  claim: 'channel due-webhooks endpoints ledger recent standing',
  create: 'channel conversation due endpoints index ledger standing transcript',
  'create-resource': 'ledger resources',
  'keep-file': 'channel ledger',
  'let-go': 'channel ledger transcript',
  'line-branch': 'channel conversation ledger transcript',
  'line-close': 'conversation due-lines',
  'line-join': 'conversation due-lines ledger',
  'line-leave': 'conversation ledger',
  'line-remove': 'conversation due-lines ledger',
  'line-settle': 'channel conversation ledger transcript',
  pack: 'channel ledger',
  park: 'channel due-webhooks endpoints ledger recent standing used-today',
  publish: 'channel ledger',
  raise: 'channel ledger standing',
  release: 'channel standing',
  'release-delivery': 'due-webhooks endpoints',
  remove: 'channel due endpoints ledger',
  'remove-record': 'ledger resources',
  'remove-resource': 'ledger resources',
  'remove-webhook': 'due-webhooks endpoints ledger',
  settle: 'channel ledger standing',
  'settle-delivery': 'channel due-webhooks endpoints',
  standing: 'recent standing',
  'take-deliveries': 'due-webhooks endpoints',
  'transcript-extend': 'ledger transcript',
  'transcript-forget': 'conversation ledger transcript',
  'transcript-hold': 'ledger transcript',
  'update-resource': 'ledger resources',
  'write-record': 'ledger resources',
  'write-webhook': 'endpoints ledger',
}

/** Whose a key is, by its name. */
const owners: readonly (readonly [owner: string, name: RegExp])[] = [
  ['channel', /^bc:\{a\//],
  ['conversation', /^bc:\{c\//],
  ['transcript', /^bc:\{t\//],
  ['ledger', /^bc:\{b\//],
  ['endpoints', /^bc:\{w\//],
  ['resources', /^bc:\{s\//],
  ['queue', /^\{bc\}:/],
  ['other', /^bc:form$|^bc:places$/],
  // One key each: its name says it.
  ...['standing', 'recent', 'used-today', 'index', 'conversations', 'rate'].map(
    (name) => [name, new RegExp(`^bc:${name}:`)] as const,
  ),
  ...['due', 'due-lines', 'due-webhooks'].map((name) => [name, new RegExp(`^bc:${name}$`)] as const),
]

export interface SlotRecord {
  /** Each script and command that was sent, and the owners of its keys if they are in several slots, else an empty text. */
  readonly spans: ReadonlyMap<string, string>
  stop(): void
}

const { sendCommand, pipeline } = Redis.prototype
const spans = new Map<string, string>()
let records = 0

/** Records what every connection that is made from now on in this process sends. */
export function recordSlots(): SlotRecord {
  if (records++ === 0) Object.assign(Redis.prototype, recording)
  let isOver = false
  return {
    spans,
    stop() {
      if (!isOver && --records === 0) Object.assign(Redis.prototype, { sendCommand, pipeline })
      isOver = true
    },
  }
}

/** Something that was sent and that the table does not have, in words; each is told once. */
export function takeUnknownSpan(): string | undefined {
  for (const [name, span] of spans) {
    const known = spanning[name]?.split(' ') ?? []
    if (span === '' || span.split(' ').every((owner) => known.includes(owner))) continue
    spans.delete(name)
    return `${name} touches several slots: ${span}`
  }
  return undefined
}

const recording: Pick<Redis, 'sendCommand' | 'pipeline'> = {
  sendCommand(this: Redis, command, stream) {
    const name = nameOf(this, command)
    // Tests run scripts of earlier releases, too; and a process asks at its start whether keys are spread.
    if (!name.startsWith('older-') && command.args[0] !== 'return 1') note(name, keysOf(command))
    return sendCommand.call(this, command, stream)
  },
  pipeline(this: Redis, ...args: Parameters<Redis['pipeline']>) {
    const made = pipeline.apply(this, args)
    const exec = made.exec.bind(made)
    made.exec = (...rest) => {
      // The type does not know it.
      const { _queue: queue } = made as unknown as { readonly _queue: readonly Command[] }
      note('a pipeline', queue.flatMap(keysOf))
      return exec(...rest)
    }
    return made
  },
}

function note(name: string, keys: readonly string[]): void {
  const known = spans.get(name)
  const bySlot = new Map(keys.map((key) => [new Command('get', [key]).getSlot(), ownerOf(key)]))
  if (bySlot.size < 2) {
    if (known === undefined) spans.set(name, '')
    return
  }
  const all = new Set([...(known ?? '').split(' '), ...bySlot.values()])
  spans.set(
    name,
    [...all]
      .filter((owner) => owner !== '')
      .toSorted()
      .join(' '),
  )
}

const keysOf = (command: Pick<Command, 'getKeys'>) => command.getKeys().map(String)

const ownerOf = (key: string) => owners.find(([, name]) => name.test(key))?.[0] ?? key

/** A script has the name under which its connection knows it. */
function nameOf(redis: Redis, { name, args }: Pick<Command, 'name' | 'args'>): string {
  if (name !== 'evalsha' && name !== 'eval') return name
  // The type does not know it.
  const { scriptsSet } = redis as unknown as {
    readonly scriptsSet: Readonly<Record<string, { readonly lua: string; readonly sha: string }>>
  }
  const known = Object.entries(scriptsSet).find(([, { lua, sha }]) => args[0] === sha || args[0] === lua)
  return known?.[0].replace(/^backchannel-?/, '') ?? name
}
