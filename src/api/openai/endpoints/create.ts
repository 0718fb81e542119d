import { z } from 'zod'
import type { Principal } from '../../../access/principal.ts'
import { digest } from '../../../conversation/digest.ts'
import type { Run } from '../../../dispatch/run.ts'
import { badInput } from '../../../kernel/errors.ts'
import { type ChannelId, parseChannelId } from '../../../kernel/ids.ts'
import { dispatchAs } from '../../dispatch-permission.ts'
import { requireConversation } from '../../facade/caller.ts'
import type { Facade } from '../../facade/facade.ts'
import { readJson } from '../../facade/read-json.ts'
import { type CreateBody, createBody } from '../request/create-body.ts'
import { aboutParameters, dispatchInput } from '../request/dispatch-input.ts'
import { readInput } from '../request/messages.ts'
import { modelChoice } from '../request/model-text.ts'
import { checked } from '../request/parameter.ts'
import { awaitedAnswer, streamedAnswer } from './answers.ts'
import { findEarlier, submitOutputs } from './earlier.ts'
import { readResponse } from './reading.ts'
import { withoutReferences } from './references.ts'

/** Creates a response: dispatches, or answers the calls that the previous response waits for. */
export function addCreate(facade: Facade): void {
  const { routes, services } = facade
  routes.post('/openai/v1/responses', async (context) => {
    const { principal } = context.var
    const { outgoing } = context.env
    const given = checked(createBody, await readJson(context, z.unknown()))
    const body = await withoutReferences(facade, principal, given)
    const channel = channelOfKey(context.req.header('idempotency-key'), principal)
    const run = await create(facade, principal, { body, channel })
    if (body.stream === true) return streamedAnswer(facade, { run, principal, outgoing }, 0)
    if (body.background === true) return context.json(await readResponse(services, run, principal))
    return awaitedAnswer(facade, { run, principal, outgoing })
  })
}

interface Creating {
  readonly body: CreateBody
  readonly channel: ChannelId | null
}

async function create({ services }: Facade, principal: Principal, { body, channel }: Creating): Promise<Run> {
  const earlier = await findEarlier(services, principal, body)
  const answered = await submitOutputs(services, principal, { body, earlier })
  if (answered !== null) return answered
  // What goes on from a response by its id is refused below where the caller is a token's holder.
  requireConversation(principal, body.conversation, 'dispatch')
  const defaultModel = services.preflight.models().find(({ isDefault }) => isDefault)?.id ?? null
  const choice = modelChoice(body, defaultModel)
  const hasSystemPlace = body.instructions === null && choice.botId === null && principal.grant === null
  const input = readInput(body.input ?? [], { hasSystemPlace, calls: earlier.calls })
  const given = dispatchInput({ body, input, choice, previous: earlier.previous?.key.channel ?? null, channel })
  return dispatchAs(services, principal, given).catch((error: unknown) => {
    throw aboutParameters(error)
  })
}

/**
 * The channel that an idempotency key stands for: a request that comes again under it gets the same response. Each conversation's tokens
 * have keys of their own.
 */
function channelOfKey(key: string | undefined, { grant }: Principal): ChannelId | null {
  if (key === undefined) return null
  if (key.length < 1 || key.length > 255)
    throw badInput([{ path: ['Idempotency-Key'], message: 'takes 1 to 255 characters' }])
  const conversation = grant?.kind === 'conversation' ? grant.conversationId : null
  // A digest has the form of a channel's id.
  return parseChannelId(digest({ api: 'openai', key, conversation }))
}
