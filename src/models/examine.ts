import type { ModelList } from './model-list.ts'
import type { ProviderDefinition } from './provider-access.ts'
import { type ProvidersOptions, registry } from './providers.ts'

/** What a provider's list of models says about its configuration. */
export interface ProviderReport {
  /** The variable that configures it. */
  readonly variable: string
  /** The names before the colon of its models. */
  readonly ids: readonly string[]
  /** Null: it works. Otherwise what to mend, in one line. */
  readonly problem: string | null
  /** Null: it tells none. */
  readonly models: readonly string[] | null
}

const patienceMs = 10_000

/** Asks each configured provider for its list of models, which costs nothing and needs the key. */
export async function examineProviders(
  access: ProvidersOptions['access'],
  fetch: ProvidersOptions['fetch'],
): Promise<readonly ProviderReport[]> {
  const accesses: Readonly<Record<string, unknown>> = access
  const definitions: readonly (readonly [string, ProviderDefinition<unknown>])[] = Object.entries(registry)
  const configured = definitions.filter(([name]) => (accesses[name] ?? null) !== null)
  return Promise.all(
    configured.map(async ([name, definition]) => {
      const asked = askedBy(definition, accesses[name], fetch)
      const { variable, ids } = definition
      return { variable, ids, ...(await ask(asked, fetch)) }
    }),
  )
}

interface Asked {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Where, and with what, this provider is asked for its models. */
function askedBy<Access>(
  definition: ProviderDefinition<Access>,
  access: Access,
  fetch: ProvidersOptions['fetch'],
): Asked {
  const asked: Asked[] = []
  const list: ModelList = { ids: () => [], has: () => null, close: () => {} }
  definition.open(access, {
    fetch,
    sleep: async () => {},
    listOf(url, headers) {
      asked.push({ url, headers })
      return list
    },
  })
  const [first] = asked
  if (first === undefined) throw new Error(`The provider of ${definition.variable} has no list of models.`)
  return first
}

type Answer = Pick<ProviderReport, 'problem' | 'models'>

async function ask({ url, headers }: Asked, fetch: ProvidersOptions['fetch']): Promise<Answer> {
  const { host } = new URL(url)
  const failed = (problem: string): Answer => ({ problem: `${problem} (${host})`, models: null })
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) })
    const { status } = response
    if (status === 401 || status === 403) return failed(`the provider refuses the key with ${status}; set a valid one`)
    if (status === 404) return failed('there is nothing at /models; does the base URL lack a part, such as /v1?')
    if (!response.ok) return failed(`the provider answers ${status}`)
    return { problem: null, models: idsIn(await response.json()) }
  } catch (error) {
    const { cause } = error as { readonly cause?: { readonly code?: unknown; readonly message?: unknown } }
    const why = [cause?.code, cause?.message].find((each) => typeof each === 'string')
    return failed(`the provider cannot be reached${why === undefined ? '' : `, ${why}`}`)
  }
}

function idsIn(body: unknown): readonly string[] | null {
  const { data } = (body ?? {}) as { readonly data?: unknown }
  if (!Array.isArray(data) || data.length === 0) return null
  return data.flatMap(({ id }: { readonly id?: unknown }) => (typeof id === 'string' ? [id] : []))
}
