import type { AccountId } from '../../kernel/ids.ts'
import type { PageText } from '../content/page-text.ts'
import { FetchFault } from '../safe-fetch/fault.ts'
import type { SafeFetch } from '../safe-fetch/safe-fetch.ts'
import type { FetchActionInput } from './action-input.ts'
import { fetchRequestFault, readFetchOptions } from './options.ts'
import { createReferenceFiller, secretOf } from './references.ts'
import { fillRequest } from './request.ts'
import { type FetchOutcome, readFetchResult } from './result.ts'
import { createScrubber } from './scrub.ts'
import type { SecretValue } from './secret-headers.ts'

/** The most that is read of a response, in bytes after decompression: half a megabyte. */
const maxBytes = 524_288

export interface FetchActionDeps {
  readonly account: AccountId
  readonly safeFetch: SafeFetch
  /**
   * Opens a secret of the run's account. `name` is the part after `SECRET_`; `secretId` is the ability's own secret for
   * the name `DEFAULT`, and null for every other name. Returns null if there is no such secret.
   */
  readonly secrets: (reference: {
    readonly name: string
    readonly secretId: string | null
  }) => Promise<SecretValue | null>
  /** Sent as `x-timezone`. Null: unknown, and not sent. */
  readonly timezone: string | null
  readonly pageText: PageText
  /** Stays the same when the same call is repeated after a crash. */
  readonly idempotencyKey: string
}

/**
 * The action `fetch` of an ability. Failures are errors for the model to read; throws only the abort reason of the
 * input's signal and whatever `secrets` throws. The outcome never contains a secret, even if the server quotes the
 * request.
 */
export async function runFetch(input: FetchActionInput, deps: FetchActionDeps): Promise<FetchOutcome> {
  const fault = fetchRequestFault(input.request, input.settings)
  if (fault !== null) return { kind: 'error', message: fault }

  const secrets = new Map<string, SecretValue>()
  for (const reference of new Set(input.tokens.values())) {
    const name = secretOf(reference)
    if (name === null) continue
    const secret = await deps.secrets({ name, secretId: name === 'DEFAULT' ? input.secretId : null })
    if (secret === null || secret.value === '') {
      return { kind: 'error', message: `There is no secret for the reference ${reference}, or it is empty.` }
    }
    secrets.set(reference, secret)
  }

  const scrubber = createScrubber([...secrets.values()])
  try {
    const filler = createReferenceFiller(input.tokens)
    const filled = fillRequest(input.request, { filler, references: input.references, secrets })
    const { format, timeoutMs } = readFetchOptions(filled.options, input.settings)
    const response = await deps.safeFetch.fetch({
      url: filled.url,
      account: deps.account,
      method: filled.method,
      headers: {
        ...(deps.timezone !== null && { 'x-timezone': deps.timezone }),
        'idempotency-key': deps.idempotencyKey,
        ...filled.headers,
      },
      secretHeaders: filled.secretHeaders,
      body: filled.body,
      signal: input.signal,
      timeoutMs,
      maxBytes,
      whenLarger: 'cut',
    })
    return await readFetchResult(response, { format, scrubber, pageText: deps.pageText })
  } catch (error) {
    input.signal.throwIfAborted()
    if (error instanceof FetchFault) return { kind: 'error', message: scrubber.text(error.message) }
    throw error
  }
}
