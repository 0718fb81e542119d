import type { NodeProcess } from './start-node.ts'

export interface DispatchOptions {
  readonly model: string
  /** Default: the system's choice. */
  readonly channelId?: string
}

/** One of the programs that are compared: it takes a dispatch over HTTP and shows a run over graphql-transport-ws. */
export interface System {
  readonly name: SystemName
  readonly url: string
  readonly wsUrl: string
  /** Processes whose CPU time is counted, by their part. */
  readonly pids: Readonly<Record<string, number>>
  readonly api: NodeProcess
  /** Null where the API process does the work itself. */
  readonly worker: NodeProcess | null
  readonly redisUrl: string | null
  /** Another worker process beside the first; whoever adds it stops it. */
  addWorker(): Promise<NodeProcess>
  /** The body of a POST to /graphql whose answer holds `"channelId":"…"`. */
  dispatchBody(options: DispatchOptions): string
  /**
   * The payload of a `subscribe` message that yields a channel and ends with its run: from its beginning, or behind
   * `after` where the system has cursors.
   */
  subscribePayload(channelId: string, after?: string): object
  close(): Promise<void>
}

export type SystemName = 'ours' | 'naive' | 'floor'

export interface SystemOptions {
  /** Default: API and worker. */
  readonly parts?: 'api' | 'api and worker'
  /** Node's own options for its processes. */
  readonly nodeArgs?: readonly string[]
  /** Runs that a worker has in hand at once. Default: 100. */
  readonly concurrency?: number
}
