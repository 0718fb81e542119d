import type { FunctionSpec } from '../../conversation/function.ts'
import type { InputIssue } from '../../kernel/errors.ts'
import { type CompiledInstruction, compileInstruction } from '../instruction/instruction.ts'
import type { CompileInstruction } from '../instruction/instruction-reader.ts'
import { isSecretName } from '../instruction/reference.ts'
import { textsOf } from '../instruction/template.ts'
import { abilitySpec } from './call-ability-spec.ts'

export interface AbilityToOffer {
  readonly name: string
  readonly description: string
  readonly instruction: string
  readonly secretId: string | null
  readonly needsApproval?: boolean | null | undefined
  /** The path of the ability in the caller's input, or of the field that led to it. */
  readonly path: InputIssue['path']
}

/** A reference to a secret: by its id, or by the name after `SECRET_`. */
export interface SecretUse {
  readonly by: 'id' | 'name'
  readonly text: string
  readonly path: InputIssue['path']
}

export interface OfferedAbilities {
  readonly functions: readonly FunctionSpec[]
  readonly secrets: readonly SecretUse[]
  /** The paths of the instructions that search the datasets of the run. */
  readonly searches: readonly InputIssue['path'][]
  readonly issues: readonly InputIssue[]
}

/**
 * Turns abilities into functions of a run. If a name is in `taken`, the function gets a number; new names are added to
 * `taken`.
 */
export function offerAbilities(
  abilities: readonly AbilityToOffer[],
  taken: Set<string>,
  compile: CompileInstruction = compileInstruction,
): OfferedAbilities {
  const functions: FunctionSpec[] = []
  const secrets: SecretUse[] = []
  const searches: InputIssue['path'][] = []
  const issues: InputIssue[] = []
  for (const { path, ...ability } of abilities) {
    const made = abilitySpec(ability, compile)
    if ('problem' in made) {
      issues.push({ path: [...path, 'instruction'], message: made.problem })
      continue
    }
    functions.push({ ...made.spec, name: uniqueName(made.spec.name, taken) })
    const compiled = compile(ability.instruction)
    if (compiled.kind === 'refused') continue
    if (compiled.instruction.action === 'search') searches.push([...path, 'instruction'])
    const { secretId } = ability
    if (secretId !== null) secrets.push({ by: 'id', text: secretId, path: [...path, 'secretId'] })
    for (const name of secretNames(compiled.instruction)) {
      if (name !== defaultSecret) {
        secrets.push({ by: 'name', text: name.slice('SECRET_'.length), path: [...path, 'instruction'] })
      } else if (secretId === null) {
        issues.push({ path: [...path, 'secretId'], message: `is missing, though the instruction uses ${name}` })
      }
    }
  }
  return { functions, secrets, searches, issues }
}

const defaultSecret = 'SECRET_DEFAULT'

function secretNames(instruction: CompiledInstruction): ReadonlySet<string> {
  const slots = [...textsOf(instruction.input)].flatMap(({ template }) => template.parts)
  const names = slots.flatMap((slot) => (typeof slot === 'string' || slot.kind !== 'reference' ? [] : [slot.name]))
  return new Set(names.filter(isSecretName))
}

/** At most 64 characters, including the number. */
function uniqueName(name: string, taken: Set<string>): string {
  let unique = name
  for (let number = 2; taken.has(unique); number++) unique = `${name.slice(0, 64 - `_${number}`.length)}_${number}`
  taken.add(unique)
  return unique
}
