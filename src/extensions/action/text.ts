import { type ActionInput, inputWith } from './input.ts'

/** Asks a model with its text; `model` says which. */
export async function runText({ input, settings, context }: ActionInput): Promise<unknown> {
  const { main, others } = inputWith('input', input)
  return context.prompt(main, { ...settings, ...others })
}
