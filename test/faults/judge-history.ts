import { type Entry, isDelta } from './judge-log.ts'

/** What a watcher saw of one place of a log; a delta may sum up several. */
export interface Seen {
  readonly cursor: string
  readonly kind: string
  /** Of a delta. */
  readonly text?: string | undefined
}

/** Every fact once, in the log's order, and deltas (perhaps joined) that give the very text of the log. */
export function judgeHistory(log: readonly Entry[], epoch: string, seen: readonly Seen[]): string[] {
  const wrong: string[] = []
  let offset = 0
  for (const { cursor, kind, text } of seen) {
    const [ofEpoch, at = '', tag] = cursor.split('.')
    const entry = log[Number(at) - 1]
    if (ofEpoch !== epoch || entry === undefined || entry.tag !== tag) wrong.push(`a cursor of no entry: ${cursor}`)
    if (Number(at) <= offset) wrong.push(`${kind} at ${at} came after ${offset}`)
    const passed = log.slice(offset, Number(at))
    if (text === undefined) {
      if (passed.length !== 1) wrong.push(`${passed.length - 1} entries missing before ${at}`)
      if (passed.at(-1)?.kind !== kind) wrong.push(`${kind} at ${at} is ${passed.at(-1)?.kind} in the log`)
    } else {
      const said = passed.map((each) => (isDelta(each.kind) ? each.event.text : `<${each.kind}>`))
      if (said.join('') !== text) wrong.push(`other text at ${at}`)
    }
    offset = Number(at)
  }
  if (offset !== log.length) wrong.push(`ended at ${offset} of ${log.length}`)
  return wrong
}
