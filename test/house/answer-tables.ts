import { anthropicEnds, chatEnds, type EndReading, type EndRow, responsesEnds } from '../../src/models/wire/ends.ts'
import { codeRows } from '../../src/models/wire/error-codes.ts'
import { codePatterns, type ErrorReading, statusRows } from '../../src/models/wire/error-rows.ts'
import { wordRows } from '../../src/models/wire/error-word-rows.ts'

export type Row = readonly string[]

/** How each reading is called in the docs. */
const errorWords: Record<ErrorReading, string> = {
  refused: 'a refusal of this request: `MODEL_REJECTED`, asked once',
  hopeless: 'a refusal of any request: `MODEL_UNAVAILABLE`, asked once',
  passing: 'a fault that passes: asked again',
  throttled: 'a fault that passes: asked again, and fewer calls are made',
}

const endWords: Record<EndReading, string> = {
  stop: 'an answer, whole',
  length: 'an answer, cut at a limit: the run may continue it',
  filtered: 'an answer that a filter or the model refused: `MODEL_REJECTED`, with its words',
  passing: 'a fault that passes: asked again; behind words, the third of the same ends the run',
  again: 'a fault that may pass: asked again, the third of the same ends the run',
}

export const endHead: Row = ['says', 'who', 'is read as', 'source']

export function endRows(rows: readonly EndRow[]): readonly Row[] {
  const known = rows.map(({ says, who, read, source }) => [`\`${says}\``, who, endWords[read], link(source)])
  return [...known, ['anything else, or nothing', 'all', endWords.again, '']]
}

export const ends = { chat: chatEnds, anthropic: anthropicEnds, responses: responsesEnds }

export const codeHead: Row = ['code or type', 'who', 'is read as', 'beats the status', 'source']

export function codes(): readonly Row[] {
  const known = codeRows.map(({ code, who, read, beatsStatus = false, source }) => {
    return [`\`${code}\``, who, errorWords[read], beatsStatus ? 'yes' : 'no', link(source)]
  })
  const formed = codePatterns.map(([pattern, read]) => [
    `another word with \`${pattern.source.replaceAll('|', '`, `').replaceAll('?', '')}\``,
    'all',
    errorWords[read],
    'no',
    '',
  ])
  return [...known, ...formed, ['anything else, or nothing', 'all', endWords.again, 'no', '']]
}

export const wordHead: Row = ['words', 'who', 'is read as', 'beat the status and codes', 'source']

export function words(): readonly Row[] {
  return wordRows.map(({ says, who, read, beatsStatus = false, source }) => {
    return [says, who, errorWords[read], beatsStatus ? 'yes' : 'no', link(source)]
  })
}

export const statusHead: Row = ['status', 'who', 'is read as', 'source']

export function statuses(): readonly Row[] {
  const known = statusRows.map(({ status, who, read, source }) => [`${status}`, who, errorWords[read], link(source)])
  return [...known, ['other 4xx', 'all', errorWords.refused, ''], ['other 5xx', 'all', errorWords.passing, '']]
}

function link(source: string): string {
  return `[${new URL(source).host}](${source})`
}
