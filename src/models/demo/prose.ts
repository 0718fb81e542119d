import type { DemoResult } from './model-prompt.ts'

export interface DemoProseOptions {
  readonly lastMessage: string
  readonly messageCount: number
  /** The results of the functions that were called for the last message. */
  readonly results: readonly DemoResult[]
  /** The lines of the system message that match the last message. */
  readonly records: readonly string[]
  /** In words. Undefined: about 150, as long as there is something to tell. */
  readonly length: number | undefined
}

/** The demo model's whole answer, word by word, each with the space before it. It depends on the options only. */
export function* demoProse({ length = Infinity, ...about }: DemoProseOptions): Generator<string> {
  let left = length
  for (const text of texts({ ...about, isEndless: length !== Infinity })) {
    for (const [word] of text.matchAll(/\s*\S+/gu)) {
      if (left === 0) return
      left -= 1
      yield word
    }
  }
}

type About = Omit<DemoProseOptions, 'length'> & { readonly isEndless: boolean }

function* texts(about: About): Generator<string> {
  yield greeting
  for (const { name, text } of about.results) {
    const quote = shortened(text, longQuote)
    yield quote === '' ? ` I called ${name}, and it answered nothing.` : ` I called ${name}, and it answered: ${quote}`
  }
  for (const record of about.records) yield ` What I was given says: ${shortened(record, longQuote)}`
  if (about.results.length > 0 || about.records.length > 0) yield told
  const quote = shortened(about.lastMessage)
  yield quote === '' ? ' Your last message holds no words to quote,' : ` You said “${quote}”,`
  yield ` this conversation has ${about.messageCount} ${about.messageCount === 1 ? 'message' : 'messages'} so far,`
  yield ' and to anything else I would have answered much the same.'
  if (about.results.length === 0) yield explanation
  while (about.isEndless) yield encore
}

const greeting = `I am Backchannel's demo model, a small program that understands nothing and only looks as if it were thinking.`

const told = `

That is quoted, not understood.`

const explanation = `

What you are watching is real, though. A worker in the background says this answer word by word, and each word is \
written to a log that outlives your connection before anyone gets to see it. You are reading that log, not the worker. \
So close the tab, lose the network, pick up another device: the answer carries on without you. When you come back, \
show the cursor of the last event you saw, and you resume right after it, with nothing repeated and nothing missing. \
Whoever joins late reads everything from the start and then follows along live.

Name a real model in my place and all of this stays the same. Only the words will begin to mean something.`

const encore = `

A long answer was asked for, so here is some more of it. The worker says a word, and the log gives it a position. \
Whoever follows asks for what comes after the last position they know, so it makes no difference how often they leave. \
A slow reader takes bigger steps, a late reader starts from the beginning, and both end up with the same text. Nobody \
has to keep a connection open for the answer to be finished.`

const shortQuote = { words: 12, characters: 80 }
const longQuote = { words: 150, characters: 1000 }

const readCharacters = 2_000

/**
 * The beginning of a text, on one line. Cut between grapheme clusters, never inside an emoji, and without control characters
 * or marks that change the direction of the text around the quote.
 */
function shortened(text: string, most = shortQuote): string {
  const trimmed = text.trim()
  // A text can be megabytes long, and only its beginning is quoted.
  const beginning = trimmed.slice(0, readCharacters).toWellFormed()
  const words = beginning
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/gu, '')
    .split(/[\s\p{Cc}]+/u)
    .filter((word) => word !== '')
  const line = words.slice(0, most.words).join(' ')
  const characters = [...new Intl.Segmenter('en').segment(line)].map(({ segment }) => segment)
  const quote = characters.slice(0, most.characters).join('').trimEnd()
  const isWhole = trimmed.length <= readCharacters && words.length <= most.words && characters.length <= most.characters
  return isWhole ? quote : `${quote}…`
}
