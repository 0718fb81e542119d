import type { FunctionSpec } from '../../conversation/function.ts'
import { defaultAnswerSeconds } from '../../conversation/input/function-input.ts'
import type { CompileInstruction } from '../instruction/instruction-reader.ts'
import { type AbilityInput, compileAbility } from './ability.ts'

/**
 * Turns an ability into a function of a run, or returns a sentence that says why it cannot. The name may clash with
 * another function.
 */
export function abilitySpec(
  ability: AbilityInput & { readonly secretId: string | null; readonly needsApproval?: boolean | null | undefined },
  compile?: CompileInstruction,
): { readonly spec: FunctionSpec } | { readonly problem: string } {
  const result = compileAbility(ability, compile)
  if (result.kind === 'refused') return { problem: result.message }
  const { functionName, description, parameters } = result.ability
  const { instruction, secretId, needsApproval } = ability
  return {
    spec: {
      name: functionName,
      description,
      parameters,
      answer: { kind: 'ability', ability: { instruction, secretId } },
      start: false,
      end: false,
      // How long a call waits to be approved.
      timeoutSeconds: defaultAnswerSeconds,
      ...(needsApproval === true && { needsApproval }),
    },
  }
}
