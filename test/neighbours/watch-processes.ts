import { readFile } from 'node:fs/promises'
import type { ServiceProcess } from '../support/service/start-process.ts'

export interface Peak {
  /** The most resident memory that was seen, in MB. */
  readonly residentMb: number
}

/** Reads the memory of a process every 100 ms until it is asked for the peak. Linux only: it reads /proc. */
export function watchMemory({ pid }: ServiceProcess): () => Peak {
  let peakKb = 0
  const read = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    peakKb = Math.max(peakKb, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0))
  }
  void read()
  const timer = setInterval(() => void read(), 100)
  return () => {
    clearInterval(timer)
    return { residentMb: Math.round(peakKb / 1024) }
  }
}
