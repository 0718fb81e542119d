import { type CompiledInstruction, compileInstruction } from '../instruction/instruction.ts'
import { fieldSchema } from '../placeholder/field.ts'

export interface AbilityInput {
  readonly name: string
  readonly description: string
  readonly instruction: string
}

/** An ability as the function that a model is offered, and what happens when it calls it. */
export interface CompiledAbility {
  readonly functionName: string
  readonly description: string
  /** A flat JSON Schema of type object. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly instruction: CompiledInstruction
}

export type AbilityResult =
  | { readonly kind: 'compiled'; readonly ability: CompiledAbility }
  | { readonly kind: 'refused'; readonly message: string }

/** Reads an ability when a dispatch is accepted, or says in a sentence what about it we cannot do. */
export function compileAbility({ name, description, instruction }: AbilityInput): AbilityResult {
  const functionName = functionNameOf(name)
  if (functionName === null) {
    return { kind: 'refused', message: `The name ${JSON.stringify(name)} holds no letter from A to Z or digit.` }
  }
  const result = compileInstruction(instruction)
  if (result.kind === 'refused') return result
  const fields = result.instruction.fields.filter(({ isHidden }) => !isHidden)
  return {
    kind: 'compiled',
    ability: {
      functionName,
      description: description.length < 11 ? `Performs an action based on action input. ${description}` : description,
      parameters: {
        type: 'object',
        properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
        required: fields.filter(({ isRequired }) => isRequired).map((field) => field.name),
        additionalProperties: false,
      },
      instruction: result.instruction,
    },
  }
}

/** A name that is one already stays; of others, what is no word becomes `_`, in lower case: "Fetch Weather" is fetch_weather. */
function functionNameOf(name: string): string | null {
  if (/^[A-Za-z]\w*$/.test(name)) return name.slice(0, 64)
  const words = name.replaceAll(/\W+/g, '_').toLowerCase().replace(/^_+/, '')
  // A function's name begins with a letter.
  const begun = /^\d/.test(words) ? `ability_${words}` : words
  const cut = begun.slice(0, 64).replace(/_+$/, '')
  return cut === '' ? null : cut
}
