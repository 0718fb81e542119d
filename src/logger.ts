import { type Logger as Pino, pino } from 'pino'

export type Logger = Pino

/** JSON lines on standard output. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { pid: process.pid } })
}
