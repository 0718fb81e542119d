import type { BackchannelError } from '../errors.ts'

export interface GraphqlRequest {
  readonly query: string
  /** Read when it is sent, which may be more than once: getters are allowed. */
  readonly variables: Readonly<Record<string, unknown>>
}

export interface Sink {
  /** The connection stands. */
  open(): void
  next(data: unknown): void
  /**
   * Called once. Without an error the server has completed the subscription; code NETWORK: the connection is lost.
   * `isBlocked`: a WebSocket did not open, where something else might.
   */
  done(error: BackchannelError | null, isBlocked?: boolean): void
}

/** Sends a subscription once, and does not come back by itself. The returned function ends it; the sink hears nothing more. */
export type Transport = (request: GraphqlRequest, channelId: string | null, sink: Sink) => () => void
