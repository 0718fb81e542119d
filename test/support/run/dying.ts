import type { Engine } from '../../conformance/engines.ts'

type Ports = Pick<Engine, 'runs' | 'lines' | 'transcripts' | 'queue'>

export class Death extends Error {}

/** A process that dies at its n-th command: before the command arrives, or before its reply does. */
export function dying(engine: Engine, { at, hasArrived }: { at: number; hasArrived: boolean }) {
  let count = 0
  const wrapped = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, property) {
        const method: unknown = Reflect.get(target, property)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          count += 1
          if (count < at) return method.apply(target, args)
          if (count === at && hasArrived) await method.apply(target, args)
          throw new Death()
        }
      },
    })
  const ports: Ports = {
    runs: wrapped(engine.runs),
    lines: wrapped(engine.lines),
    transcripts: wrapped(engine.transcripts),
    queue: wrapped(engine.queue),
  }
  return { ports, hasDied: () => count >= at }
}

/** Lets a process die at each of its commands, in both ways. Returns at how many points. */
export async function deathsOf(act: (death: { at: number; hasArrived: boolean }) => Promise<boolean>): Promise<number> {
  let points = 0
  for (const hasArrived of [false, true]) {
    for (let at = 1; await act({ at, hasArrived }); at++) points += 1
  }
  return points
}
