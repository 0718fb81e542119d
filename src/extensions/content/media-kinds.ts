/** What a model gets of content: a file as it is, the words of a page, values, text, or only the type. */
export type MediaKind = 'file' | 'html' | 'json' | 'json-lines' | 'text' | 'other'

interface MediaKindRow {
  readonly kind: MediaKind
  readonly types: RegExp
  /** For the docs. */
  readonly examples: readonly string[]
}

/** The first row that fits a media type counts. What fits none is text if its bytes are. docs/reference/media-types.md has this table. */
export const mediaKinds: readonly MediaKindRow[] = [
  {
    kind: 'file',
    types: /^(image\/(png|jpeg|gif|webp)|application\/pdf)$/,
    examples: ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf'],
  },
  { kind: 'html', types: /^(text\/html|application\/xhtml\+xml)$/, examples: ['text/html', 'application/xhtml+xml'] },
  {
    kind: 'json-lines',
    types: /^(application|text)\/(x-)?(ndjson|jsonl|jsonlines|json-lines|ldjson|json-seq|stream\+json)$/,
    examples: ['application/x-ndjson', 'application/jsonl', 'application/json-seq'],
  },
  {
    kind: 'json',
    types: /[/+]json$/,
    examples: ['application/json', 'text/json', 'application/problem+json', 'application/geo+json'],
  },
  {
    kind: 'text',
    types:
      /^(text\/.*|.*\+(xml|yaml|text)|application\/(x-)?(xml|xml-dtd|yaml|csv|javascript|ecmascript|typescript|graphql|sql|toml|json5|sh|tex|latex|rtf|subrip|www-form-urlencoded))$/,
    examples: ['text/plain', 'text/csv', 'application/csv', 'application/xml', 'image/svg+xml', 'application/yaml'],
  },
  {
    kind: 'other',
    types: /^(image|audio|video|font)\/.*$/,
    examples: ['image/heic', 'audio/mpeg', 'video/mp4', 'font/woff2'],
  },
]

/** Null: only the bytes tell. */
export function mediaKindOf(essence: string): MediaKind | null {
  return mediaKinds.find(({ types }) => types.test(essence))?.kind ?? null
}

/** What servers send when they do not know a type, or to make a browser save a file. */
const meaningless =
  /^(application|binary|unknown|content)\/(x-)?(octet-?stream|download|force-download|save|unknown|unknown-content-type|binary|msdownload)$/

/** The type of Excel's own files, which servers and browsers also give to its CSV files. */
const spreadsheet = /^application\/((vnd\.)?ms-?excel|x-excel|excel|x-msexcel)$/

/** Whether the bytes decide although the server names a type. */
export function saysNothing(essence: string): boolean {
  return meaningless.test(essence) || spreadsheet.test(essence)
}
