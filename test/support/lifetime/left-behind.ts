import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** What keeps a process alive, by kind, and the processes that it has started. Timers that are unref'd do not count. */
export interface Held {
  readonly handles: ReadonlyMap<string, number>
  readonly children: ReadonlySet<number>
}

/** Requests that end by themselves, and the runner's own pipes. */
const harmless = /Immediate|^FS|^FileHandle|REQWRAP|Req|^PipeWrap$|MessagePort|^WORKER|CloseReq|^STREAM|ZLIB|Zlib/

/** How long what has been closed may take to be gone, on a busy machine too. Only a file that has left something waits so long. */
const patienceMs = Number(process.env['LEAK_PATIENCE_MS'] ?? 20_000)

export function held(): Held {
  const kinds = process.getActiveResourcesInfo().filter((kind) => !harmless.test(kind))
  return { handles: new Map(Object.entries(countBy(kinds))), children: new Set(childrenOf(process.pid)) }
}

/** What is held beyond what was held before; empty when all is gone, or goes within a few seconds. */
export async function leftBehind(before: Held): Promise<readonly string[]> {
  const giveUpAt = Date.now() + patienceMs
  let left = beyond(before)
  while (left.length > 0 && Date.now() < giveUpAt) {
    await delay(20, undefined, { ref: false })
    left = beyond(before)
  }
  return left
}

function beyond(before: Held): readonly string[] {
  const now = held()
  const processes = [...now.children].filter((pid) => !before.children.has(pid))
  const handles = [...now.handles].flatMap(([kind, count]) => {
    const more = count - (before.handles.get(kind) ?? 0)
    return more > 0 ? [`${more} × ${kind}`] : []
  })
  return [...processes.map((pid) => `process ${pid} (${commandOf(pid)})`), ...handles]
}

function countBy(kinds: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Living children; none where there is no `/proc`: there `ProcessWrap` among the handles tells as much. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
      .filter((child) => child !== '' && !isZombie(child))
      .map(Number)
  } catch {
    return []
  }
}

function isZombie(pid: string): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 120)
  } catch {
    return 'ended meanwhile'
  }
}
