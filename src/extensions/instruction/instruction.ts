import { type Field, mergeFields } from '../placeholder/field.ts'
import { type ActionName, isActionName, unknownAction } from './action.ts'
import { readFence } from './fence.ts'
import { checkInput, checkSlots, readInput } from './input.ts'
import type { InstructionReading } from './reading.ts'
import { readSlots } from './slots.ts'
import { readTagged } from './tagged.ts'
import { type Part, type Template, textsOf } from './template.ts'

/** A compiled ability: an action, its settings, and its input with slots for the fields. */
export interface CompiledInstruction {
  readonly action: ActionName
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly fields: readonly Field[]
  readonly input: Template
}

export type InstructionResult =
  | { readonly kind: 'compiled'; readonly instruction: CompiledInstruction }
  | { readonly kind: 'refused'; readonly message: string }

type Refuse = (message: string) => void

/** In UTF-16 code units. */
const maxLength = 20_000

/**
 * Compiles an instruction. Refuses one that we cannot run; the message says why. Deterministic: the same text always
 * compiles to the same result.
 */
export function compileInstruction(instruction: string): InstructionResult {
  const refusals: string[] = []
  const refuse = (message: string) => void refusals.push(message)
  const reading = read(instruction, refuse)
  const compiled = reading === null || refusals.length > 0 ? null : complete(reading, refuse)
  const [message] = refusals
  if (compiled !== null && message === undefined) return { kind: 'compiled', instruction: compiled }
  return { kind: 'refused', message: message ?? 'The instruction cannot be read.' }
}

function read(instruction: string, refuse: Refuse): InstructionReading | null {
  const text = instruction.trim()
  if (text.length > maxLength) refuse(`An instruction takes at most ${maxLength} characters.`)
  else if (/^@\S*$/.test(text) || (!/^[`~]{3}/.test(text) && /^(["']?)template\1\s*:/m.test(text))) {
    const [, name = ''] = /^@(\S*)$/.exec(text) ?? /^["']?template["']?\s*:\s*(.*)$/m.exec(text) ?? []
    refuse(`This server has no templates (${name.trim()}): write the action out, in a fenced block or with YAML tags.`)
  } else if (/^(["']?[\w?-]+["']?\s*:\s*)?![a-z]/im.test(text) && !/^[`~]{3}/.test(text))
    return readTagged(text, refuse)
  else {
    const fence = readFence(text, refuse)
    if (fence !== null) return readFenced(fence, refuse)
    refuse('The instruction is prose; it takes one fenced block such as ```fetch, or YAML with a tag such as !fetch.')
  }
  return null
}

function readFenced(
  { action, settings, text }: NonNullable<ReturnType<typeof readFence>>,
  refuse: Refuse,
): InstructionReading | null {
  if (!isActionName(action)) {
    refuse(unknownAction(action))
    return null
  }
  const { parts, mentions } = readSlots(text, refuse)
  return { action, settings, mentions, input: readInput(action, parts, refuse) }
}

function complete({ action, settings, mentions, input }: InstructionReading, refuse: Refuse): CompiledInstruction {
  const checked = checkInput(action, input, settings, refuse)
  // Excludes names that occur only in YAML comments.
  const used = new Set([...textsOf(checked)].flatMap(({ template }) => template.parts.flatMap(nameOf)))
  const fields = mergeFields(mentions, refuse).filter(({ name }) => used.has(name))
  checkSlots(action, checked, fields, refuse)
  return { action, settings, fields, input: checked }
}

function nameOf(part: Part): readonly string[] {
  return typeof part === 'string' ? [] : [part.name]
}
