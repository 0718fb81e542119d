import type { DispatchInput } from '../conversation/dispatch-input.ts'
import type { Limits } from '../conversation/limits.ts'
import type { Message } from '../conversation/message.ts'
import type { ConversationRequest } from '../conversation/request.ts'
import { badInput } from '../errors.ts'
import type { ChannelKey } from '../ids.ts'
import type { Resources } from '../store/resources.ts'
import type { SecretOpener } from '../store/secret-opener.ts'

export interface ResolveDeps {
  readonly resources: Resources
  readonly secrets: SecretOpener
  /** The canonical name of a model, the default's for null; or a sentence for the caller. */
  readonly model: (name: string | null) => { readonly name: string } | { readonly problem: string }
  readonly defaultLimits: Limits
}

/** The dispatch as the port `preflight` gives it; see there. */
export interface ToResolve {
  readonly key: ChannelKey
  readonly input: DispatchInput
  readonly messages: readonly Message[]
  readonly createdAt: number
}

export interface Resolution {
  readonly request: ConversationRequest
  readonly botId: string | null
  readonly contactId: string | null
}

export function createResolve(deps: ResolveDeps): (dispatch: ToResolve) => Promise<Resolution> {
  return async ({ input }) => {
    const model = deps.model(input.model)
    if ('problem' in model) throw badInput([{ path: ['input', 'model'], message: model.problem }])
    return {
      botId: null,
      contactId: null,
      request: {
        model: model.name,
        backstory: input.backstory,
        functions: input.functions,
        timezone: input.timezone ?? 'UTC',
        references: {},
        datasets: [],
        attachments: input.attachments.map(({ url }) => url),
        limits: {
          iterations: input.limits.iterations ?? deps.defaultLimits.iterations,
          continuations: input.limits.continuations ?? deps.defaultLimits.continuations,
          calls: input.limits.calls ?? deps.defaultLimits.calls,
        },
        timeoutSeconds: input.timeoutSeconds,
      },
    }
  }
}
