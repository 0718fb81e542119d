import { imageDimensionsFromData } from 'image-dimensions'
import type { FilePart, PromptMessage } from '../model.ts'
import type { FileRules } from './file-rules.ts'

/**
 * Leaves out files for which the provider would refuse the whole request, and tells the model about each beside its text.
 * The content was checked when the file was fetched; this checks the size.
 */
export function fitFiles(prompt: readonly PromptMessage[], rules: FileRules): readonly PromptMessage[] {
  const images = prompt.flatMap((message) => (message.role === 'user' ? (message.files ?? []).filter(isImage) : []))
  const problems = new Map(images.flatMap((file) => entry(file, ownProblem(file, rules))))
  const fitting = images.filter((file) => !problems.has(file))
  for (const [file, problem] of crowdProblems(fitting, rules)) problems.set(file, problem)
  if (problems.size === 0) return prompt
  return prompt.map((message) => {
    if (message.role !== 'user' || message.files === undefined) return message
    const told = message.files.flatMap((file) => problems.get(file) ?? [])
    if (told.length === 0) return message
    return {
      ...message,
      text: [message.text, ...told.map((problem) => `The file was left out: ${problem}.`)].join('\n'),
      files: message.files.filter((file) => !problems.has(file)),
    }
  })
}

function entry(file: FilePart, problem: string | null): readonly (readonly [FilePart, string])[] {
  return problem === null ? [] : [[file, problem]]
}

function ownProblem(file: FilePart, { imageBytes, gifs, imageSide, imageMinSide }: FileRules): string | null {
  const { content = new Uint8Array(), mediaType } = file
  if (content.length > imageBytes)
    return `it has ${megabytes(content.length)}, and the model takes ${megabytes(imageBytes)}`
  if (!gifs && mediaType === 'image/gif') return 'the model takes no GIFs'
  if (!Number.isFinite(imageSide) && imageMinSide === 0) return null
  const { width, height } = sizeOf(file)
  if (Math.max(width, height) > imageSide)
    return `it has ${width} by ${height} pixels, and the model takes ${imageSide} a side`
  const isTiny = width > 0 && height > 0 && Math.min(width, height) < imageMinSide
  return isTiny ? `it has ${width} by ${height} pixels, and the model takes ${imageMinSide} a side and more` : null
}

/**
 * What is too much for one request: the latest images stay. Where many images must be small, the large ones go, or the
 * oldest until few are left, whichever leaves more.
 */
function crowdProblems(images: readonly FilePart[], rules: FileRules): readonly (readonly [FilePart, string])[] {
  const latest = Number.isFinite(rules.images) ? images.slice(-rules.images) : images
  const old = new Set(images.slice(0, images.length - latest.length))
  const tooMany = (files: Iterable<FilePart>, count: number) =>
    [...files].map((file) => [file, `the model takes ${count} images at once`] as const)
  const { manyImages } = rules
  const beyond = tooMany(old, rules.images)
  if (manyImages === null || latest.length < manyImages.from) return beyond
  const { from, side } = manyImages
  const large = latest.filter((file) => longerSide(file) > side)
  if (latest.length - large.length < from - 1) {
    return large.length === 0 ? beyond : [...beyond, ...tooMany(latest.slice(0, 1 - from), from - 1)]
  }
  return [...beyond, ...large.map((file) => [file, `of many images, the model takes ${side} pixels a side`] as const)]
}

function longerSide(file: FilePart): number {
  const { width, height } = sizeOf(file)
  return Math.max(width, height)
}

/** Zero where it cannot be read. */
function sizeOf({ content = new Uint8Array() }: FilePart): { readonly width: number; readonly height: number } {
  return imageDimensionsFromData(content) ?? { width: 0, height: 0 }
}

function isImage({ mediaType }: FilePart): boolean {
  return mediaType.startsWith('image/')
}

/** Rounded down, so that a file slightly over the limit is not shown with the limit's size. */
function megabytes(bytes: number): string {
  return `${(Math.floor(bytes / 10_000) / 100).toFixed(2)} MB`
}
