import { namePattern } from './mention.ts'

/** What a message says about the arguments of a call. Words that have been taken are not found again. */
export interface DemoWords {
  /** The value of `name=value` or `name: value`. */
  assigned(name: string): string | null
  /** The text in quotes after the function's name, or the words after `for`, `in` or `about`. */
  takeNear(): string | null
  /** The words after the function's name. */
  takeRest(): string | null
  /** The same, before the names of all functions. */
  takeBefore(): string | null
  /** A number among the words that no phrase has taken. */
  takeNumber(): number | null
}

export interface DemoText {
  /** From the function's name to the next one. */
  readonly near: string
  /** Up to the first function's name. The whole message when it names no function. */
  readonly before: string
  /** The whole message, without the names of functions. */
  readonly all: string
}

const quoted = /"([^"]*)"|“([^”]*)”|(?<![\p{L}\p{N}])'([^']+)'(?![\p{L}\p{N}])/gu
const numbers = /(?<![\p{L}\p{N}.])-?\d+(?:\.\d+)?(?![\p{L}\p{N}])/gu
/** The arguments of other functions. */
const ofOthers = /(?<=^|\s)[\p{L}_$][\p{L}\p{N}_$]*=\S+/gu
const phrase = /\b(?:for|in|about)\s+([^\n;]+?)(?=[.?!](?:\s|$)|[\n;]|$)/iu
const filler =
  /^(?:[\s,.:;?!-]|(?:and|then|please|now|me|to|with)\b)+|(?:[\s,.:;?!-]|\b(?:and|then|please|now|call|use|run))+$/giu

export function createDemoWords(text: DemoText, names: readonly string[]): DemoWords {
  const near = takeOut(text.near, names)
  const before = takeOut(text.before, names)
  const { assigned } = takeOut(text.all, names)
  let numbersLeft: readonly string[] | null = null

  const take = (words: string | undefined): string | null => {
    const taken = words?.replaceAll(filler, '').trim() ?? ''
    if (taken === '') return null
    for (const each of [near, before]) each.rest = each.rest.replace(taken, '\n')
    return taken
  }
  return {
    assigned: (name) => near.assigned.get(name) ?? assigned.get(name) ?? null,
    takeNear: () => near.quotes.shift() ?? take(phrase.exec(near.rest)?.[1]),
    takeBefore: () => before.quotes.shift() ?? take(phrase.exec(before.rest)?.[1]),
    takeRest: () => take(near.rest.trim().split('\n')[0]),
    takeNumber() {
      numbersLeft ??= near.rest.match(numbers) ?? before.rest.match(numbers) ?? []
      const [first, ...others] = numbersLeft
      numbersLeft = others
      return first === undefined ? null : Number(first)
    },
  }
}

function takeOut(text: string, names: readonly string[]) {
  const assigned = new Map<string, string>()
  let rest = text
  for (const name of names) {
    const pattern = namePattern(name)
    if (pattern === '') continue
    rest = rest.replace(assignment(pattern), (_, ...found: (string | undefined)[]) => {
      const value = found.slice(0, 5).find((each) => each !== undefined) ?? ''
      assigned.set(name, value.replace(/[\s.?!)}]+$/, ''))
      return ' '
    })
  }
  const quotes = [...rest.matchAll(quoted)].map(([, ...found]) => found.find((each) => each !== undefined) ?? '')
  return { assigned, quotes, rest: rest.replaceAll(quoted, ' ').replaceAll(ofOthers, ' ') }
}

/** A bare value ends at a space; after `:` only before the next name. Lists are `[a, b]` or `a,b`. */
function assignment(pattern: string): RegExp {
  const inQuotes = `"([^"]*)"|“([^”]*)”|'([^']*)'`
  const list = `\\[[^\\]]*\\]|[^\\s,;"]+(?:,[^\\s,;=:]+(?=[\\s,;]|$))*`
  const words = `[^,;\\n]+?(?=\\s+(?:and\\s+)?[\\p{L}_$][\\p{L}\\p{N}_$]*\\s*[:=]|[,;\\n]|$)`
  return new RegExp(
    `(?<![\\p{L}\\p{N}_])${pattern}["']?\\s*(?:[=:]\\s*(?:${inQuotes})|=\\s*(${list})|:\\s*(\\[[^\\]]*\\]|${words}))`,
    'iu',
  )
}
