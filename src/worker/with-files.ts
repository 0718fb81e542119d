import type { FilePart, PromptMessage } from '../conversation/prompt.ts'
import type { Model } from '../models/model.ts'

/** Gets the files of a prompt that the model takes; those that it does not take are named in the text beside them. */
export async function withFiles(
  prompt: readonly PromptMessage[],
  model: Model,
  file: (id: string) => Promise<Uint8Array | null>,
): Promise<readonly PromptMessage[]> {
  return Promise.all(
    prompt.map(async (message) => {
      if (message.role !== 'user' || message.files === undefined) return message
      const files = await Promise.all(
        message.files.map(async (part): Promise<readonly FilePart[]> => {
          const content = model.takesFile?.(part.mediaType) ? await file(part.fileId) : null
          return content === null ? [] : [{ ...part, content }]
        }),
      )
      return { role: 'user', text: message.text, files: files.flat() }
    }),
  )
}
