import { z } from 'zod'

/** What a provider says it serves, as far as it was heard; kept here, so that no one waits for it. */
export interface ModelList {
  /** Empty until it is known. Asking for an old list has it read again, behind the asker's back. */
  ids(): readonly string[]
  /**
   * Null: the list is not known, so nothing can be said. A name that is missing has the list read again soon, for it
   * may have been added since.
   */
  has(name: string): boolean | null
  close(): void
}

export interface ModelListOptions {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: typeof fetch
  readonly clock: () => number
}

const refreshMs = 60_000
const retryMs = 2000
const patienceMs = 10_000

const answerSchema = z.object({ data: z.array(z.object({ id: z.string() })).nullable() })

/** Reads the list once at first. A list that cannot be read is no fault of anyone's: the last one known stays. */
export function createModelList({ url, headers, fetch, clock }: ModelListOptions): ModelList {
  const closing = new AbortController()
  let known: readonly string[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  let isAsking = false

  const read = async () => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(patienceMs)])
    const response = await fetch(url, { headers, signal })
    const { data } = answerSchema.parse(await response.json())
    // An empty list is what servers tell that keep none; it must not have every name refused.
    if (response.ok && data !== null && data.length > 0) known = data.map(({ id }) => id)
  }
  const refresh = (afterMs: number) => {
    if (isAsking || closing.signal.aborted || clock() - askedAt < afterMs) return
    isAsking = true
    askedAt = clock()
    const asked = () => {
      isAsking = false
    }
    read().then(asked, asked)
  }

  refresh(0)
  return {
    ids() {
      refresh(known.length === 0 ? retryMs : refreshMs)
      return known
    },
    has(name) {
      // Ollama lists `llama3:latest` and is asked for `llama3`.
      const isKnown = known.includes(name) || known.includes(`${name}:latest`)
      refresh(isKnown ? refreshMs : retryMs)
      return known.length === 0 ? null : isKnown
    },
    close: () => closing.abort(),
  }
}
