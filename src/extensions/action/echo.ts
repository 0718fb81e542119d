import type { ActionInput } from './input.ts'

/** Answers with its own text, or the value that it was written as. */
export async function runEcho({ input }: ActionInput): Promise<unknown> {
  return input
}
