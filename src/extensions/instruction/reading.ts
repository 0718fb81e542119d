import type { FieldMention } from '../placeholder/field.ts'
import type { ActionName } from './action.ts'
import type { Template } from './template.ts'

/** An instruction after parsing and before it is checked against its action. */
export interface InstructionReading {
  readonly action: ActionName
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly mentions: readonly FieldMention[]
  readonly input: Template
}
