import { type DestinationStream, type Logger as Pino, pino } from 'pino'
import { createRedaction } from './redaction.ts'
import { presentRequest } from './request-scope.ts'

export type Logger = Pino

export interface LoggerOptions {
  /** Texts that must not be in any line, whatever they stand in: the keys that this process was given. */
  readonly secrets?: readonly string[]
  /** Default: standard output. */
  readonly destination?: DestinationStream
}

/** JSON lines. Each says which request it belongs to, if any; credentials are taken out wherever they stand. */
export function createLogger(level: string, { secrets = [], destination }: LoggerOptions = {}): Logger {
  const redaction = createRedaction(secrets)
  const options = {
    level,
    base: { pid: process.pid },
    mixin: () => ({ ...presentRequest() }),
    // Redaction makes plain objects of errors too.
    serializers: { err: (value: unknown) => value },
    formatters: { log: redaction.object },
    hooks: { streamWrite: redaction.line },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
