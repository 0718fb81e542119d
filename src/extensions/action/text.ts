import { type ActionInput, inputWith } from './input.ts'

/** Sends the text to a model. The setting `model` names another model than that of the run. */
export async function runText({ input, settings, context }: ActionInput): Promise<unknown> {
  const { main, others } = inputWith('input', input)
  return context.prompt(main, { ...settings, ...others })
}
