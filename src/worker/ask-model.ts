import { Failure } from '../kernel/errors.ts'
import { type Model, ModelFault } from '../models/model.ts'

/** Asks a model one question, without functions, and returns its text. Throws UNAVAILABLE when the model fails. */
export async function askModel(model: Model, text: string, signal: AbortSignal): Promise<string> {
  const pieces: string[] = []
  try {
    for await (const part of model.stream({ prompt: [{ role: 'user', text }], signal })) {
      if (part.type === 'text') pieces.push(part.text)
    }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof ModelFault) throw new Failure('UNAVAILABLE', error.message, { cause: error })
    throw error
  }
  return pieces.join('')
}
