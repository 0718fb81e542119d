import type { FunctionSpec } from '../../conversation/function.ts'
import { defaultAnswerSeconds } from '../../conversation/function-input.ts'
import { type AbilityInput, compileAbility } from './ability.ts'

/** An ability as a function of a run, or a sentence about what of it we cannot do. Its name may be another's too. */
export function abilitySpec(
  ability: AbilityInput & { readonly secretId: string | null },
): { readonly spec: FunctionSpec } | { readonly problem: string } {
  const result = compileAbility(ability)
  if (result.kind === 'refused') return { problem: result.message }
  const { functionName, description, parameters } = result.ability
  const { instruction, secretId } = ability
  return {
    spec: {
      name: functionName,
      description,
      parameters,
      answer: { kind: 'ability', ability: { instruction, secretId } },
      start: false,
      end: false,
      // Nobody waits for it: it is we who answer.
      timeoutSeconds: defaultAnswerSeconds,
    },
  }
}
