import { readFileSync } from 'node:fs'
import type { System } from '../systems/system.ts'

/** Linux counts CPU time in hundredths of a second. */
const tickMs = 10

/** The CPU time of a process so far, across all threads, in ms. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may contain spaces. User and system time are the 12th and 13th fields after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

export type CpuTimes = Readonly<Record<string, number>>

/** The CPU time in ms by process; `load` is this process. */
export function cpuTimes({ pids }: System): CpuTimes {
  const entries = Object.entries({ ...pids, load: process.pid })
  return Object.fromEntries(entries.map(([name, pid]) => [name, cpuMs(pid)]))
}

export function cpuBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  return Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)]))
}

/** The resident memory of a process in KiB, from the kernel. */
export function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** The peak resident memory of a process, in KiB. */
export function peakResidentKb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
