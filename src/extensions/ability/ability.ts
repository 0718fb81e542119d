import { type CompiledInstruction, compileInstruction } from '../instruction/instruction.ts'
import type { CompileInstruction } from '../instruction/instruction-reader.ts'
import { fieldSchema } from '../placeholder/field.ts'

export interface AbilityInput {
  readonly name: string
  readonly description: string
  readonly instruction: string
}

/** An ability in two parts: the function that the model sees, and the instruction that runs when the model calls it. */
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

/** Compiles an ability when a dispatch is accepted. Refuses one that we cannot run; the message says why. */
export function compileAbility(
  { name, description, instruction }: AbilityInput,
  compile: CompileInstruction = compileInstruction,
): AbilityResult {
  const functionName = functionNameOf(name)
  if (functionName === null) {
    return { kind: 'refused', message: `The name ${JSON.stringify(name)} contains no letter from A to Z and no digit.` }
  }
  const result = compile(instruction)
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

/**
 * Keeps a valid name. In others, replaces everything that is not a word character with `_` and uses lower case: "Fetch
 * Weather" becomes fetch_weather. Null if nothing is left.
 */
function functionNameOf(name: string): string | null {
  if (/^[A-Za-z]\w*$/.test(name)) return name.slice(0, 64)
  const words = name.replaceAll(/\W+/g, '_').toLowerCase().replace(/^_+/, '')
  // The name of a function starts with a letter.
  const begun = /^\d/.test(words) ? `ability_${words}` : words
  const cut = begun.slice(0, 64).replace(/_+$/, '')
  return cut === '' ? null : cut
}
