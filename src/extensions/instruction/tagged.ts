import { type FieldMention, mentionOf } from '../placeholder/field.ts'
import type { Placeholder } from '../placeholder/placeholder.ts'
import { type ActionName, isActionName, unknownAction } from './action.ts'
import { markSlots } from './marks.ts'
import type { InstructionReading } from './reading.ts'
import { readSlots, slotOf } from './slots.ts'
import { readFieldTag } from './tags.ts'
import { literalOf, type Template } from './template.ts'
import { readYaml } from './yaml.ts'

type Refuse = (message: string) => void

const bareReference = { shape: 'curly', isRequired: false, operands: [], description: null } as const

/** Reads `!fetch …`, or `action: !fetch …` with the fields beside it. Null if the text has neither. */
export function readTagged(text: string, refuse: Refuse): InstructionReading | null {
  const { parts, mentions } = readSlots(text, refuse)
  const tagged: FieldMention[] = []
  const actions: { readonly name: ActionName; readonly content: Template }[] = []
  const tag = (name: string, content: Template, key: string | null): Template | null => {
    const field = readFieldTag(name, content, key, refuse)
    if (field !== null) {
      tagged.push(field.mention)
      return { kind: 'text', parts: [field.slot], quotes: 'plain' }
    }
    if (name === 'reference') {
      const reference: Placeholder = { ...bareReference, name: String(literalOf(content)) }
      if (slotOf(reference).kind === 'field') tagged.push(mentionOf(reference, refuse))
      return { kind: 'text', parts: [slotOf(reference)], quotes: 'plain' }
    }
    if (!isActionName(name)) {
      refuse(unknownAction(name))
      return null
    }
    actions.push({ name, content })
    return content
  }
  const root = readYaml(markSlots(parts), { refuse, tag })
  if (root === null) return null
  const [action, second] = actions
  if (second !== undefined) refuse('The YAML names several actions; an ability takes exactly one.')
  const under = root.kind === 'map' ? root.entries.find(([key]) => key === 'action')?.[1] : undefined
  if (action === undefined || (action.content !== root && action.content !== under)) {
    refuse('The YAML names no action: its root, or what stands under "action", takes a tag such as !fetch.')
    return null
  }
  const others = root.kind === 'map' && action.content !== root ? root.entries.filter(([key]) => key !== 'action') : []
  for (const [key, value] of others) {
    if (literalOf(value) !== undefined)
      refuse(`The key "${key}" beside "action" defines no field, such as with !string.`)
  }
  return { action: action.name, settings: {}, mentions: [...mentions, ...tagged], input: action.content }
}
