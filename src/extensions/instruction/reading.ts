import type { FieldMention } from '../placeholder/field.ts'
import type { ActionName } from './action.ts'
import type { Template } from './template.ts'

/** What stands in an instruction, before it is held against what its action takes. */
export interface InstructionReading {
  readonly action: ActionName
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly mentions: readonly FieldMention[]
  readonly input: Template
}
