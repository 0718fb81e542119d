import type { ActionName } from './instruction-action.ts'
import type { Template } from './instruction-template.ts'
import type { FieldMention } from './placeholder-field.ts'

/** What stands in an instruction, before it is held against what its action takes. */
export interface InstructionReading {
  readonly action: ActionName
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly mentions: readonly FieldMention[]
  readonly input: Template
}
