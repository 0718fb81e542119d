import type { FunctionSpec } from '../../../src/conversation/function.ts'
import type { ChannelId } from '../../../src/kernel/ids.ts'
import type { Engine } from '../../conformance/engines.ts'
import { createScriptedModel, type Line, type ScriptedModel } from '../run/scripted-model.ts'
import { createWorkplace } from '../service/workplace.ts'

/** A run with functions, a worker to be set on it, and ways to answer its calls. */
export async function createFunctionPlace(engine: Engine, functions: readonly FunctionSpec[]) {
  const workplace = createWorkplace(engine)
  await workplace.create({ functions })
  const pending = async () => (await engine.runs.pending(workplace.key)).map(({ call }) => call)
  const idOf = async (name: string) => (await pending()).find((call) => call.name === name)?.id ?? ''
  const submitTo = async (name: string, data: unknown) =>
    workplace.answers.submit(workplace.key, await idOf(name), { kind: 'completed', data })
  const publish = (channel: ChannelId, message: Record<string, unknown>) =>
    workplace.answers.publish({ account: workplace.key.account, channel }, message)
  const ending = async () => (await workplace.events()).at(-1)
  return { ...workplace, pending, submitTo, publish, ending }
}

/** A model that says these lines, and then that it is done. */
export const asks = (...lines: readonly Line[]) => createScriptedModel([{ lines }, { lines: ['Done.'] }])
/** What the model was told of its calls, in its second turn. */
export const told = (model: ScriptedModel) =>
  model.calls[1]?.prompt.flatMap((message) => (message.role === 'tool' ? [[message.name, message.result]] : []))
