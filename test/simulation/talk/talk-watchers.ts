import { Failure } from '../../../src/kernel/errors.ts'
import type { ConversationKey } from '../../../src/kernel/ids.ts'
import type { Api } from '../fleet.ts'
import { inProcess } from '../virtual-time.ts'

/** What a watcher of a conversation was last told. */
export interface SeenLine {
  readonly updatedAt: number
  readonly places: readonly string[]
  readonly current: string | null
}

/** A client that watches a conversation, over as many processes as it takes. */
export interface TalkWatcher {
  readonly last: SeenLine | null
  wants(): boolean
  connect(api: Api): void
  cut(): void
}

export interface TalkWatcherOptions {
  readonly key: ConversationKey
  /** Whether a line that has gone back is to be expected. */
  readonly mayGoBack: () => boolean
  readonly onDefect: (what: string) => void
}

export function createTalkWatcher({ key, mayGoBack, onDefect }: TalkWatcherOptions): TalkWatcher {
  let last: SeenLine | null = null
  let connection: { readonly api: Api; readonly updates: AsyncIterableIterator<unknown> } | null = null

  const watch = async (api: Api) => {
    const updates = api.watchConversation(key)
    const mine = { api, updates }
    connection = mine
    try {
      for await (const { line, current } of updates) {
        if (connection !== mine || api.process.isDead) return
        const places = line.places.map(({ channel }) => channel)
        const seen = { updatedAt: line.updatedAt, places, current: current?.key.channel ?? null }
        const isBack = last !== null && seen.updatedAt < last.updatedAt
        if (isBack && !mayGoBack())
          onDefect(`a watcher of the conversation is told of ${seen.updatedAt} after ${last?.updatedAt}`)
        if (seen.current !== null && seen.current !== places[0])
          onDefect(`${seen.current} is at work, and ${places[0]} first`)
        last = seen
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
    } finally {
      if (connection === mine) connection = null
    }
  }
  return {
    get last() {
      return last
    },
    wants: () => connection === null || connection.api.process.isDead,
    connect(api) {
      inProcess.run(api.process, () => void watch(api).catch((error: unknown) => onDefect(String(error))))
    },
    cut() {
      const { updates } = connection ?? {}
      connection = null
      void updates?.return?.()
    },
  }
}
