import { Failure } from '../../kernel/errors.ts'
import { runEcho } from '../action/echo.ts'
import type { ActionInput } from '../action/input.ts'
import { runSearch } from '../action/search.ts'
import { runText } from '../action/text.ts'
import { runTime } from '../action/time.ts'
import type { ActionName } from '../instruction/action.ts'
import { fillInstruction } from '../instruction/fill.ts'
import type { CompiledInstruction } from '../instruction/instruction.ts'
import { resolveReferences } from '../instruction/reference.ts'
import type { AbilityContext, AbilityOutcome } from './ability-context.ts'

const actions: Readonly<Record<Exclude<ActionName, 'fetch'>, (input: ActionInput) => Promise<unknown>>> = {
  echo: runEcho,
  search: runSearch,
  text: runText,
  time: runTime,
}

/** Runs an ability. Failures are outcomes for the model; throws only when the signal is aborted. */
export async function runAbility(
  ability: { readonly instruction: string; readonly secretId: string | null },
  args: Readonly<Record<string, unknown>>,
  context: AbilityContext,
): Promise<AbilityOutcome> {
  context.signal.throwIfAborted()
  const compiled = await context.compile(ability.instruction)
  context.signal.throwIfAborted()
  if (compiled.kind === 'refused') return { kind: 'error', message: compiled.message }
  const { action } = compiled.instruction
  try {
    return await runAction(compiled.instruction, { args, secretId: ability.secretId, context })
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof Failure) return { kind: 'error', message: error.message }
    return { kind: 'error', message: `The action "${action}" failed.`, cause: error }
  }
}

interface Use {
  readonly args: Readonly<Record<string, unknown>>
  readonly secretId: string | null
  readonly context: AbilityContext
}

async function runAction(instruction: CompiledInstruction, { args, secretId, context }: Use): Promise<AbilityOutcome> {
  const { action, settings } = instruction
  const { references, signal } = context
  const filled = fillInstruction(instruction, args, context)
  if (filled.kind === 'refused') return { kind: 'error', message: filled.message }
  if (action === 'fetch') {
    return context.fetch({ request: filled.value, settings, tokens: filled.tokens, references, secretId, signal })
  }
  const resolved = resolveReferences(filled.value, filled.tokens, references)
  if (resolved.kind === 'refused') return { kind: 'error', message: resolved.message }
  return { kind: 'data', data: await actions[action]({ input: resolved.value, settings, context }) }
}
