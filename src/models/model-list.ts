import { z } from 'zod'

/** The models that a provider reports, cached, so that nobody waits for the list. */
export interface ModelList {
  /** Empty until the list is known. Reading an old list triggers a refresh in the background. */
  ids(): readonly string[]
  /** Null: the list is unknown. A missing name triggers a refresh soon, because it may be new. */
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

/** Requests the list once at the start. If a request fails, the last known list stays. */
export function createModelList({ url, headers, fetch, clock }: ModelListOptions): ModelList {
  const closing = new AbortController()
  let known: readonly string[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  let isAsking = false

  const read = async () => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(patienceMs)])
    const response = await fetch(url, { headers, signal })
    const { data } = answerSchema.parse(await response.json())
    // Servers without a list report an empty one, which must not refuse every name.
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
      // Ollama lists `llama3:latest` for the name `llama3`.
      const isKnown = known.includes(name) || known.includes(`${name}:latest`)
      refresh(isKnown ? refreshMs : retryMs)
      return known.length === 0 ? null : isKnown
    },
    close: () => closing.abort(),
  }
}
