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
  const mostBytes = isImage(file) ? rules.imageBytes : rules.pdfBytes
  if (content.length > mostBytes)
    return `it has ${megabytes(content.length)}, and the model takes ${megabytes(mostBytes)}`
  if (!isImage(file)) return null
  if (!kept.has(file)) return `the model takes ${rules.images} images at once`
  if (!rules.animations && mediaType === 'image/gif' && isAnimated(content)) return 'the model takes no moving images'
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

/** A GIF that moves has a delay before each of its pictures: a graphic control extension in front of an image. */
function isAnimated(gif: Uint8Array): boolean {
  const bytes = Buffer.from(gif.buffer, gif.byteOffset, gif.byteLength)
  const extension = Buffer.from([0x00, 0x21, 0xf9, 0x04])
  return bytes.indexOf(extension, bytes.indexOf(extension) + 1) > 0
}
