import { type ActionInput, inputWith } from './input.ts'

/** Searches the datasets of the run. */
export async function runSearch({ input, settings, context }: ActionInput): Promise<unknown> {
  const { main, others } = inputWith('query', input)
  return context.search(main, { ...settings, ...others })
}
