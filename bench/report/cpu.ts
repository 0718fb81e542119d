import { readFileSync } from 'node:fs'
import type { System } from '../systems/system.ts'

/** Linux counts in hundredths of a second. */
const tickMs = 10

/** CPU time of a process so far, of all its threads, in ms. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold spaces; user and system time are the 12th and 13th behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

export type CpuTimes = Readonly<Record<string, number>>

/** CPU time in ms by process, `load` being this one. */
export function cpuTimes({ pids }: System): CpuTimes {
  const entries = Object.entries({ ...pids, load: process.pid })
  return Object.fromEntries(entries.map(([name, pid]) => [name, cpuMs(pid)]))
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]))
}

/** Resident memory in KiB, from the kernel. */
export function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** The most that a process has had resident at once, in KiB. */
export function peakResidentKb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
