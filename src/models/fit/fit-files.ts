import { imageDimensionsFromData } from 'image-dimensions'
import type { FilePart, PromptMessage } from '../model.ts'
import type { FileRules } from './file-rules.ts'

/**
 * Leaves out files for which the provider would refuse the whole request, and tells the model about each beside its text.
 * The content was checked when the file was fetched; this checks the size.
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

/** Rounded down, so that a file slightly over the limit is not shown with the limit's size. */
function megabytes(bytes: number): string {
  return `${(Math.floor(bytes / 10_000) / 100).toFixed(2)} MB`
}
