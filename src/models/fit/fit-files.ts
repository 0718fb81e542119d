import { imageDimensionsFromData } from 'image-dimensions'
import type { FilePart, PromptMessage } from '../model.ts'
import type { FileRules } from './file-rules.ts'

/**
 * Leaves out the files that the provider would refuse the whole request for, and tells the model of each beside its text.
 * What is in a file has been looked at when it was fetched; here it is its size.
 */
export function fitFiles(prompt: readonly PromptMessage[], rules: FileRules): readonly PromptMessage[] {
  const images = prompt.flatMap((message) => (message.role === 'user' ? (message.files ?? []).filter(isImage) : []))
  const kept = new Set(Number.isFinite(rules.images) ? images.slice(-rules.images) : images)
  return prompt.map((message) => {
    if (message.role !== 'user' || message.files === undefined) return message
    const problems = message.files.map((file) => problemOf(file, rules, kept))
    if (problems.every((problem) => problem === null)) return message
    const told = problems.flatMap((problem) => (problem === null ? [] : [`The file was left out: ${problem}.`]))
    return {
      ...message,
      text: [message.text, ...told].join('\n'),
      files: message.files.filter((_, index) => problems[index] === null),
    }
  })
}

function problemOf(file: FilePart, rules: FileRules, kept: ReadonlySet<FilePart>): string | null {
  const { content = new Uint8Array(), mediaType } = file
  if (!isImage(file)) return null
  const { imageBytes } = rules
  if (content.length > imageBytes)
    return `it has ${megabytes(content.length)}, and the model takes ${megabytes(imageBytes)}`
  if (!kept.has(file)) return `the model takes ${rules.images} images at once`
  if (!rules.gifs && mediaType === 'image/gif') return 'the model takes no GIFs'
  const { width = 0, height = 0 } = Number.isFinite(rules.imageSide) ? (imageDimensionsFromData(content) ?? {}) : {}
  if (Math.max(width, height) <= rules.imageSide) return null
  return `it has ${width} by ${height} pixels, and the model takes ${rules.imageSide} a side`
}

function isImage({ mediaType }: FilePart): boolean {
  return mediaType.startsWith('image/')
}

/** Rounded down: what is a little too large is not said to be as large as what is taken. */
function megabytes(bytes: number): string {
  return `${(Math.floor(bytes / 10_000) / 100).toFixed(2)} MB`
}
