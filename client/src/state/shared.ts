/** What its subscribers share. */
interface Live {
  readonly listeners: Set<() => void>
  /** Called for each subscriber; the first one counts. */
  start(): void
  close(): void
}

export interface Shared<Kind extends Live> {
  /** Opens it if it is not open. The returned function ends the subscription. */
  subscribe(id: string, listener: () => void): () => void
  find(id: string): Kind | undefined
  /** Keeps one that nobody is subscribed to yet, in the place of another, for so long. */
  keep(id: string, live: Kind, ms: number): void
  close(): void
}

/** Views that come and go in one go, as under React's strict mode, keep what is open. */
const lingerMs = 1_000

/** Things by their id, each there while somebody is subscribed, and a moment longer. */
export function createShared<Kind extends Live>(open: (id: string) => Kind): Shared<Kind> {
  const lives = new Map<string, Kind>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const drop = (id: string) => {
    clearTimeout(timers.get(id))
    timers.delete(id)
    lives.get(id)?.close()
    lives.delete(id)
  }
  const dropIn = (id: string, ms: number) => {
    clearTimeout(timers.get(id))
    const timer: unknown = setTimeout(() => drop(id), ms)
    timers.set(id, timer as ReturnType<typeof setTimeout>)
    // On Node it would keep the process alive.
    ;(timer as { unref?: () => void }).unref?.()
  }
  return {
    subscribe(id, listener) {
      // The same function may be subscribed twice.
      const call = () => listener()
      const live = lives.get(id) ?? open(id)
      lives.set(id, live)
      clearTimeout(timers.get(id))
      live.listeners.add(call)
      live.start()
      return () => {
        if (live.listeners.delete(call) && live.listeners.size === 0 && lives.get(id) === live) dropIn(id, lingerMs)
      }
    },
    find: (id) => lives.get(id),
    keep(id, live, ms) {
      drop(id)
      lives.set(id, live)
      dropIn(id, ms)
    },
    close() {
      for (const id of [...lives.keys()]) drop(id)
    },
  }
}
