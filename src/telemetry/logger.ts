import { type DestinationStream, type Logger as Pino, pino } from 'pino'
import { createRedaction } from './redaction.ts'
import { presentRequest } from './request-scope.ts'

export type Logger = Pino

export interface LoggerOptions {
  /** Texts that no line may contain: the keys that this process was given. */
  readonly secrets?: readonly string[]
  /** Default: standard output. */
  readonly destination?: DestinationStream
}

/** Writes JSON lines. Each names its request, if any. Credentials are removed wherever they occur. */
export function createLogger(level: string, { secrets = [], destination }: LoggerOptions = {}): Logger {
  const redaction = createRedaction(secrets)
  const options = {
    level,
    base: { pid: process.pid },
    mixin: () => ({ ...presentRequest() }),
    // Redaction also turns errors into plain objects.
    serializers: { err: (value: unknown) => value },
    formatters: { log: redaction.object },
    hooks: { streamWrite: redaction.line },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
