import { readFileSync } from 'node:fs'

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

/** The parts of V8's `--cpu-prof` file that we read. */
interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export interface SelfTimes {
  /** Shares of the busy time, from 0 to 1, largest first. */
  readonly byPackage: readonly (readonly [name: string, share: number])[]
  readonly byFunction: readonly (readonly [name: string, share: number])[]
  /** The share of time in which the process was busy. */
  readonly busy: number
}

/** The self time of each function in a CPU profile, without its callees. */
export function selfTimes(file: string): SelfTimes {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const packages = new Map<string, number>()
  const functions = new Map<string, number>()
  let busy = 0
  let all = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    const time = timeDeltas[index] ?? 0
    if (frame === undefined) continue
    all += time
    if (frame.functionName === '(idle)') continue
    busy += time
    const home = homeOf(frame)
    const name = frame.url === '' ? frame.functionName : `${frame.functionName || '(anonymous)'} · ${placeOf(frame)}`
    packages.set(home, (packages.get(home) ?? 0) + time)
    functions.set(name, (functions.get(name) ?? 0) + time)
  }
  const shares = (times: ReadonlyMap<string, number>) =>
    [...times].map(([name, time]) => [name, time / busy] as const).sort(([, a], [, b]) => b - a)
  return { byPackage: shares(packages), byFunction: shares(functions), busy: busy / all }
}

function homeOf({ url, functionName }: CallFrame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'V8 builtins and native functions'
  const [, dependency] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? []
  if (dependency !== undefined) return dependency
  const [, source] = /\/(src\/[^/]+)/.exec(url) ?? []
  return source ?? (url.startsWith('node:') ? nodeHome(url) : url)
}

function nodeHome(url: string): string {
  const [, part] = /^node:(?:internal\/)?([^/]+)/.exec(url) ?? []
  return `node:${part}`
}

function placeOf({ url, lineNumber }: CallFrame): string {
  const file = url.replace(/^.*node_modules\//, '').replace(/^.*\/src\//, 'src/')
  return `${file}:${lineNumber + 1}`
}
