import { visibleEntries } from '../../../access/permission.ts'
import type { Principal } from '../../../access/principal.ts'
import { badInput, type InputIssue } from '../../../kernel/errors.ts'
import type { ChannelId } from '../../../kernel/ids.ts'
import { openChannel } from '../../facade/caller.ts'
import type { Facade } from '../../facade/facade.ts'
import type { Services } from '../../services.ts'
import type { CreateBody, GivenBody } from '../request/create-body.ts'
import { type InputItem, inputItem, isReference } from '../request/input-item.ts'
import { channelOfItem } from '../response/item-id.ts'
import { foldOf } from './reading.ts'

/** How many responses one input may refer to: each is read. */
const mostResponses = 100

/**
 * The body with the items in the place of their references. FORBIDDEN where the caller's token does not open a response; BAD_USER_INPUT
 * names each reference to nothing.
 */
export async function withoutReferences(
  { services, turn }: Pick<Facade, 'services' | 'turn'>,
  principal: Principal,
  body: GivenBody,
): Promise<CreateBody> {
  const { input } = body
  if (!Array.isArray(input)) return { ...body, input }
  const channels = new Set(input.flatMap((item) => (isReference(item) ? (channelOfItem(item.id) ?? []) : [])))
  if (channels.size > mostResponses) {
    throw badInput([{ path: ['input'], message: `refers to items of at most ${mostResponses} responses` }])
  }
  const items = new Map<string, InputItem>()
  for (const channel of channels) {
    await turn(principal.account)
    for (const item of await outputOf(services, principal, channel)) items.set(item.id, item.item)
  }
  const issues: InputIssue[] = []
  const found = input.flatMap((item, index): readonly InputItem[] => {
    if (!isReference(item)) return [item]
    const known = items.get(item.id)
    if (known === undefined) issues.push({ path: ['input', index, 'id'], message: 'there is no item by that id' })
    return known === undefined ? [] : [known]
  })
  if (issues.length > 0) throw badInput(issues)
  return { ...body, input: found }
}

/** What a response has put out by now, as input takes it. Nothing where its log is not kept. */
async function outputOf(
  services: Services,
  principal: Principal,
  channel: ChannelId,
): Promise<readonly { readonly id: string; readonly item: InputItem }[]> {
  const key = await openChannel(principal, channel, { permission: 'read', services })
  const [run] = await services.runs.find([key])
  if (run == null) return []
  const fold = foldOf(run, principal)
  for (const { event, at } of visibleEntries(principal, await services.runs.facts(key))) fold.accept(event, at)
  return fold.response().output.flatMap((each) => {
    const item = inputItem.safeParse(each).data
    return item === undefined || isReference(item) ? [] : [{ id: each.id, item }]
  })
}
