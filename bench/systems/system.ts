import type { NodeProcess } from './start-node.ts'

export interface DispatchOptions {
  readonly model: string
  /** Default: the system chooses. */
  readonly channelId?: string
}

/** A compared program. It accepts a dispatch over HTTP and delivers a run over graphql-transport-ws. */
export interface System {
  readonly name: SystemName
  readonly url: string
  readonly wsUrl: string
  /** The processes whose CPU time is measured, by role. */
  readonly pids: Readonly<Record<string, number>>
  readonly api: NodeProcess
  /** Null: the API process does the work itself. */
  readonly worker: NodeProcess | null
  readonly redisUrl: string | null
  /** Adds another worker process. The caller stops it. */
  addWorker(): Promise<NodeProcess>
  /** The body of a POST to /graphql whose answer contains `"channelId":"…"`. */
  dispatchBody(options: DispatchOptions): string
  /**
   * The payload of a `subscribe` message that delivers a channel until its run ends: from the beginning, or after
   * `after` if the system has cursors.
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
  /** How many runs a worker executes at once. Default: 100. */
  readonly concurrency?: number
}
