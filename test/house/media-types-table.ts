import { type MediaKind, mediaKinds } from '../../src/extensions/content/media-kinds.ts'

/** What the model gets, through an ability and as an attachment. */
const told: Readonly<Record<MediaKind, readonly [ability: string, attachment: string]>> = {
  file: ['an error that names the type', 'the file, where its model takes files of the type'],
  html: ['its markup; its words with `format` `text` or `markdown`', 'its words, as Markdown'],
  'json-lines': ['a list of the values', 'its text'],
  json: ['the value', 'its text'],
  text: ['its text', 'its text'],
  other: ['an error that names the type', 'the type and the size'],
}

export const mediaTypeHead = ['media types, such as', 'an ability', 'an attachment'] as const

export function mediaTypeRows(): readonly (readonly string[])[] {
  return mediaKinds.map(({ kind, examples }) => [examples.map((each) => `\`${each}\``).join(', '), ...told[kind]])
}
