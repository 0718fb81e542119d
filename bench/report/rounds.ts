import type { System, SystemName } from '../systems/system.ts'
import { now } from './clock.ts'
import { type CpuTimes, cpuBetween, cpuTimes } from './cpu.ts'

export interface Round {
  readonly value: number
  readonly elapsedMs: number
  readonly cpuMs: CpuTimes
}

export type Rounds = Readonly<Record<SystemName, readonly Round[]>>

/** The number of rounds: the program's first argument, or `fallback`. */
export function roundCount(fallback: number): number {
  return Number(process.argv[2] ?? fallback)
}

/**
 * Measures systems in turn, A B A B …, so that other load on the machine affects all alike. The first round of each is
 * a warm-up and does not count.
 */
export async function alternate(
  systems: readonly System[],
  count: number,
  round: (system: System, index: number) => Promise<number>,
): Promise<Rounds> {
  const rounds: Record<SystemName, Round[]> = { ours: [], naive: [], floor: [] }
  for (let index = 0; index <= count; index++) {
    for (const system of systems) {
      const [cpuBefore, startedAt] = [cpuTimes(system), now()]
      const value = await round(system, index)
      const elapsedMs = (now() - startedAt) / 1000
      const cpuMs = cpuBetween(cpuBefore, cpuTimes(system))
      if (index > 0) rounds[system.name].push({ value, elapsedMs, cpuMs })
    }
  }
  return rounds
}

/** Transforms the value of each round. */
export function mapRounds(
  rounds: Rounds,
  map: (round: Round) => number,
): Readonly<Record<SystemName, readonly number[]>> {
  return { ours: rounds.ours.map(map), naive: rounds.naive.map(map), floor: rounds.floor.map(map) }
}
