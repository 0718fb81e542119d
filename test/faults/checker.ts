import type { Redis } from 'ioredis'
import type { History } from './clients.ts'

/** A log as it stands in Redis, decoded here and not by the service's code. */
interface Entry {
  readonly offset: number
  readonly kind: string
  readonly tag: string
  readonly payload: string
}

/** What is wrong with a run, a line each; empty when all is well. */
export async function checkRun(redis: Redis, channelId: string, histories: readonly History[]): Promise<string[]> {
  const base = `bc:{a/local/${channelId}}`
  const stream = await redis.xrange(`${base}:log`, '-', '+')
  const facts = await redis.xrange(`${base}:facts`, '-', '+')
  const head = await redis.hgetall(`${base}:head`)
  const log = stream.map(([id, fields]): Entry => {
    const of = (name: string) => fields[fields.indexOf(name) + 1] ?? ''
    return { offset: Number(id.split('-')[0]), kind: of('k'), tag: of('t'), payload: of('p') }
  })
  const wrong = [...checkLog(log), ...checkMessages(log)]
  const factIds = stream.filter(([, fields]) => !isDelta(fields[1] ?? '')).map(([id]) => id)
  if (factIds.join() !== facts.map(([id]) => id).join()) wrong.push('the facts are not the log without its deltas')
  if (Number(head['last']) !== log.length) wrong.push(`the head says ${head['last']}, the log has ${log.length}`)
  for (const [index, history] of histories.entries()) {
    wrong.push(...checkHistory(log, head['epoch'] ?? '', history).map((line) => `watcher ${index}: ${line}`))
  }
  return wrong
}

function isDelta(kind: string): boolean {
  return kind === 'text-delta' || kind === 'reasoning-delta'
}

function checkLog(log: readonly Entry[]): string[] {
  const wrong: string[] = []
  if (log.some(({ offset }, index) => offset !== index + 1)) wrong.push('offsets are not dense from 1')
  const endings = log.filter(({ kind }) => /^dispatch-(completed|failed|cancelled)$/.test(kind))
  if (endings.length !== 1) wrong.push(`${endings.length} endings`)
  if (endings[0]?.offset !== log.length) wrong.push('something stands behind the ending')
  if (log.filter(({ kind }) => kind === 'dispatch-queued').length !== 1) wrong.push('not queued exactly once')
  const attempts = log
    .filter(({ kind }) => kind === 'dispatch-started')
    .map(({ payload }) => JSON.parse(payload).attempt)
  if (attempts.some((attempt, index) => attempt !== index + 1)) wrong.push(`attempts ${attempts}`)
  const finished = log.filter(({ kind }) => kind === 'iteration-finished').map(({ payload }) => JSON.parse(payload))
  if (finished.some(({ iteration }, index) => iteration !== index + 1)) {
    wrong.push(`iterations finished: ${finished.map(({ iteration }) => iteration)}`)
  }
  const ending = JSON.parse(log.at(-1)?.payload ?? '{}')
  if (ending.usage?.iterations !== finished.length) {
    wrong.push(`usage counts ${ending.usage?.iterations} iterations of ${finished.length}`)
  }
  return wrong
}

function checkMessages(log: readonly Entry[]): string[] {
  const wrong: string[] = []
  const texts = new Map<string, string>()
  const completed: { id: string; type: string; text: string }[] = []
  const voided = new Set<string>()
  for (const { kind, payload, offset } of log) {
    if (isDelta(kind)) {
      const [, id = '', position = '', json = '""'] = /^(\S+) (\d+) (".*")$/.exec(payload) ?? []
      const text = texts.get(id) ?? ''
      if (Number(position) !== text.length) wrong.push(`a delta at ${offset} does not go on where its message ended`)
      if (voided.has(id)) wrong.push(`a delta at ${offset} of a message that was voided`)
      texts.set(id, text + JSON.parse(json))
    } else if (kind === 'message-discarded') {
      voided.add(JSON.parse(payload).messageId)
    } else if (kind === 'message-completed') {
      completed.push(JSON.parse(payload).message)
    }
  }
  for (const { id, text } of completed) {
    if (texts.get(id) !== text) wrong.push(`message ${id} is not what its deltas say`)
    if (voided.has(id)) wrong.push(`message ${id} is completed and voided`)
  }
  for (const id of texts.keys()) {
    if (!voided.has(id) && !completed.some((message) => message.id === id))
      wrong.push(`message ${id} was left half said`)
  }
  const ending = log.at(-1)
  if (ending?.kind === 'dispatch-completed') {
    // The demo's pieces are all continuations of one answer.
    const answer = completed.map(({ text }) => text).join('')
    if (JSON.parse(ending.payload).result.text !== answer) wrong.push('the result is not what was said')
  }
  return wrong
}

/** A watcher sees every fact once, in order, and deltas (perhaps joined) that give the very text of the log. */
function checkHistory(log: readonly Entry[], epoch: string, { events }: History): string[] {
  const wrong: string[] = []
  let offset = 0
  for (const { cursor, __typename, text } of events) {
    const [ofEpoch, at = '', tag] = cursor.split('.')
    const entry = log[Number(at) - 1]
    if (ofEpoch !== epoch || entry === undefined || entry.tag !== tag) wrong.push(`a cursor of no entry: ${cursor}`)
    if (Number(at) <= offset) wrong.push(`${__typename} at ${at} came behind ${offset}`)
    const passed = log.slice(offset, Number(at))
    if (text === undefined) {
      if (passed.length !== 1) wrong.push(`${passed.length - 1} entries missing before ${at}`)
    } else {
      const said = passed.map(({ kind, payload }) => {
        return isDelta(kind) ? JSON.parse(payload.slice(payload.indexOf('"'))) : `<${kind}>`
      })
      if (said.join('') !== text) wrong.push(`other text at ${at}`)
    }
    offset = Number(at)
  }
  if (offset !== log.length) wrong.push(`ended at ${offset} of ${log.length}`)
  return wrong
}
