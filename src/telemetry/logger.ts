import { hostname } from 'node:os'
import { type DestinationStream, type Logger as Pino, pino } from 'pino'
import { readVersion } from '../kernel/version.ts'
import { readableLine } from './readable.ts'
import { createRedaction } from './redaction.ts'
import { presentRequest } from './request-scope.ts'

export type Logger = Pino

export interface LoggerOptions {
  /** Texts that no line may contain: the keys that this process was given. */
  readonly secrets?: readonly string[] | (() => readonly string[])
  /** The name of the service in each line. */
  readonly service?: string
  /** True: lines are for a person at a terminal. */
  readonly isReadable?: boolean
  /** Default: standard output. */
  readonly destination?: DestinationStream
}

/**
 * Writes JSON lines. Each names service, version and instance, and its request, if any. Credentials are removed wherever they
 * occur.
 */
export function createLogger(level: string, options: LoggerOptions = {}): Logger {
  const { secrets = [], service = 'backchannel', isReadable = false, destination } = options
  const redaction = createRedaction(secrets)
  const pinoOptions = {
    level,
    base: { service, version: readVersion(), instance: hostname(), pid: process.pid },
    mixin: () => ({ ...presentRequest() }),
    // Redaction also turns errors into plain objects.
    serializers: { err: (value: unknown) => value },
    formatters: { log: redaction.object, level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: isReadable ? (line: string) => readableLine(redaction.line(line)) : redaction.line },
  }
  return destination === undefined ? pino(pinoOptions) : pino(pinoOptions, destination)
}
