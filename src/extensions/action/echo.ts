import type { ActionInput } from './input.ts'

/** Returns its input: the text, or the value that the text was written as. */
export async function runEcho({ input }: ActionInput): Promise<unknown> {
  return input
}
