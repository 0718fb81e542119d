import type { DatasetSpec } from '../../conversation/dataset.ts'
import type { CallOutcome } from '../../conversation/fold.ts'
import type { FunctionCall, FunctionSpec } from '../../conversation/function.ts'
import type { ConversationRequest } from '../../conversation/request.ts'
import { type AccountId, type ChannelKey, nameOf } from '../../kernel/ids.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { abilityPageMs, createPageText, type PageHelper } from '../content/page-text.ts'
import type { OpenSearch } from '../dataset/helped-search.ts'
import type { DatasetSearch } from '../dataset/search.ts'
import { runFetch } from '../fetch/action.ts'
import type { SecretValue } from '../fetch/secret-headers.ts'
import type { InstructionReader } from '../instruction/instruction-reader.ts'
import type { SafeFetch } from '../safe-fetch/safe-fetch.ts'
import type { AbilityContext, AbilityOutcome, Settings } from './ability-context.ts'
import { runAbility } from './ability-run.ts'

export interface CallAbilityDeps {
  readonly safeFetch: SafeFetch
  /** Both return null if the account has no such secret. */
  readonly openSecret: (account: AccountId, secretId: string) => Promise<SecretValue | null>
  readonly openSecretByName: (account: AccountId, name: string) => Promise<SecretValue | null>
  readonly instructions: InstructionReader
  readonly openSearch: OpenSearch
  readonly pageText: PageHelper
  /** Sends a text to a model. The name has the form that dispatches use. */
  readonly prompt: (model: string, text: string, signal: AbortSignal) => Promise<string>
  /** At least 16 unguessable letters and digits, new at each call. */
  readonly nonce: () => string
  /** ms since 1970. */
  readonly clock: () => number
  /** Reports a thrown defect. The model learns only that the call failed. */
  readonly report: (defect: unknown, about: { readonly key: ChannelKey; readonly callId: string }) => void
}

export interface AbilityCall {
  readonly key: ChannelKey
  readonly request: ConversationRequest
  readonly spec: FunctionSpec
  readonly call: FunctionCall
}

export type CallAbility = (call: AbilityCall, signal: AbortSignal) => Promise<CallOutcome>

/** The longest answer as JSON, in UTF-16 code units. The model reads all of it, and it is stored with the run. */
const longestAnswer = 200_000

/**
 * Executes calls of abilities. Failures are failed calls; rejects only when `signal` is aborted. Another attempt that
 * repeats a call sends the same idempotency key.
 */
export function createCallAbility(deps: CallAbilityDeps): CallAbility {
  const searches = new WeakMap<readonly DatasetSpec[], DatasetSearch>()
  const searchOf = (account: AccountId, { datasets }: ConversationRequest) => {
    const search = searches.get(datasets) ?? deps.openSearch(account, datasets)
    searches.set(datasets, search)
    return search
  }

  return async ({ key, request, spec, call }, signal) => {
    if (spec.answer.kind !== 'ability') throw new Error(`The function ${spec.name} is no ability.`)
    const { ability } = spec.answer
    const context: AbilityContext = {
      references: request.references,
      timezone: request.timezone,
      now: deps.clock,
      nonce: deps.nonce,
      signal,
      compile: async (text) => (await deps.instructions.read(key.account, [text]))(text),
      fetch: (input) =>
        runFetch(input, {
          account: key.account,
          safeFetch: deps.safeFetch,
          secrets: ({ name, secretId }) =>
            secretId === null ? deps.openSecretByName(key.account, name) : deps.openSecret(key.account, secretId),
          timezone: request.timezone,
          pageText: createPageText(deps.pageText, {
            account: key.account,
            budget: { leftMs: abilityPageMs },
            signal,
          }),
          idempotencyKey: `${nameOf(key)}/${call.id}`,
        }),
      search: (query, settings) => searchOf(key.account, request)(query, { ...searchOptions(settings), signal }),
      prompt: (text, { model }) => deps.prompt(isGiven(model) ? String(model) : request.model, text, signal),
    }
    const outcome = await runAbility(ability, argumentsOf(call), context)
    if (outcome.kind === 'error' && outcome.cause !== undefined) deps.report(outcome.cause, { key, callId: call.id })
    return toCallOutcome(outcome)
  }
}

/**
 * The instruction uses only the arguments it has fields for, so it ignores the `justification` that the feature adds.
 */
function argumentsOf({ arguments: given }: FunctionCall): Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null ? { ...given } : {}
}

function searchOptions({ dataset, datasetId, limit }: Settings) {
  const wish = dataset ?? datasetId ?? null
  const count = isGiven(limit) ? Number(limit) : Number.NaN
  return {
    dataset: typeof wish === 'number' || wish === null ? wish : String(wish),
    limit: Number.isFinite(count) ? count : null,
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

function toCallOutcome(outcome: AbilityOutcome): CallOutcome {
  if (outcome.kind === 'error') return failed(outcome.message)
  const data = outcome.data ?? null
  const { length } = stringifyJson(data)
  if (length <= longestAnswer) return { kind: 'completed', data }
  return failed(`The result has ${length} characters as JSON; at most ${longestAnswer} can be taken.`)
}

function failed(message: string): CallOutcome {
  return { kind: 'failed', error: { code: 'FAILED', message } }
}
