import { type Brackets, type Closers, createClosers } from './closers.ts'
import { type Operand, readOperand } from './operand.ts'

/**
 * A place in an instruction that is filled when the ability runs. `square`, `$[x]` and `[[x]]`: the model fills it.
 * `round`, `$(x)` and `((x))`: a template parameter, which the model fills here too. `curly`, `${X}` and `{{X}}`: a
 * reference if the name is that of a reference, otherwise a field like the others.
 */
export interface Placeholder {
  readonly shape: 'square' | 'round' | 'curly'
  readonly name: string
  readonly isRequired: boolean
  readonly operands: readonly Operand[]
  readonly description: string | null
}

export type Piece = string | Placeholder

interface Spelling extends Brackets {
  readonly shape: Placeholder['shape']
}

/** A line, starting at its first possible placeholder. */
interface Line {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly closers: Closers
}

const spellings: Readonly<Record<string, Spelling>> = {
  '$[': { shape: 'square', opener: '[', closer: ']' },
  '[[': { shape: 'square', opener: '[', closer: ']]' },
  '$(': { shape: 'round', opener: '(', closer: ')' },
  '((': { shape: 'round', opener: '(', closer: '))' },
  '${': { shape: 'curly', opener: '{', closer: '}' },
  '{{': { shape: 'curly', opener: '{', closer: '}}' },
}

const argumentBrackets: Readonly<Record<string, string>> = { '<': '>', '[': ']', '{': '}', '(': ')' }

/**
 * Splits a text into literal text and placeholders. Text that does not begin with a name (`[[1,2]]`, `$(".x")`) is
 * literal. So is a placeholder that its line does not close, except after `$[` or `${`: nothing else looks like that,
 * so it is refused instead of being sent unfilled. The joined pieces are never scanned again.
 */
export function scanPlaceholders(text: string, refuse: (message: string) => void): readonly Piece[] {
  const pieces: Piece[] = []
  const starts = /\$[[({]|\[\[|\(\(|\{\{/g
  let taken = 0
  let line: Line | null = null
  for (let start = starts.exec(text); start !== null; start = starts.exec(text)) {
    if (line === null || start.index >= line.end) line = lineFrom(text, start.index)
    const found = readPlaceholder(line, start.index - line.start, start[0], refuse)
    // One character further: in `$[[x]]` the second bracket begins the placeholder.
    starts.lastIndex = start.index + 1
    if (found === null) continue
    pieces.push(text.slice(taken, start.index), found.placeholder)
    taken = line.start + found.end
    starts.lastIndex = taken
  }
  pieces.push(text.slice(taken))
  return pieces.filter((piece) => piece !== '')
}

function lineFrom(text: string, start: number): Line {
  const length = text.slice(start).search(/[\r\n]|$/)
  const line = text.slice(start, start + length)
  return { text: line, start, end: start + length, closers: createClosers(line) }
}

function readPlaceholder(
  { text: line, closers }: Line,
  start: number,
  mark: string,
  refuse: (message: string) => void,
) {
  const spelling = spellings[mark]
  const headStart = /[ \t]*([!?]*)([A-Za-z_#@$][\w.$-]*)([!?]*)(?=[\s|:,>\])}]|$)/y
  headStart.lastIndex = start + mark.length
  const head = headStart.exec(line)
  if (spelling === undefined || head === null) return null
  const [written, before = '', name = '', after = ''] = head
  const refuseHere = (message: string) => refuse(`${mark}${name}: ${message}`)

  const operands: Operand[] = []
  let at = start + mark.length + written.length
  for (;;) {
    at += /^[ \t,>]*/.exec(line.slice(at))?.[0].length ?? 0
    if (line.startsWith(spelling.closer, at) || /[|:]/.test(line.charAt(at))) break
    const word = /^(\??)([A-Za-z]+)/.exec(line.slice(at))
    if (word === null) {
      if (mark === '$[' || mark === '${') {
        refuseHere(
          at >= line.length
            ? 'this placeholder is not closed on its line.'
            : `an operand, "|" or "${spelling.closer}" belongs where ${JSON.stringify(line.charAt(at))} stands.`,
        )
      }
      return null
    }
    const [, optionalBefore = '', operand = ''] = word
    at += word[0].length
    const argument = readArgument(line, at, closers)
    at = argument?.end ?? at
    const isOptional = optionalBefore !== '' || line.charAt(at) === '?'
    if (line.charAt(at) === '?') at += 1
    const read = readOperand(operand, argument?.value ?? null, isOptional)
    if (typeof read === 'string') refuseHere(read)
    else operands.push(read)
  }

  const isDescribed = !line.startsWith(spelling.closer, at)
  const close = isDescribed ? closers.from(at + 1, spelling) : at
  if (close === null) {
    if (mark === '$[' || mark === '${') refuseHere('this placeholder is not closed on its line.')
    return null
  }
  const description = isDescribed ? line.slice(at + 1, close).trim() : ''
  const placeholder: Placeholder = {
    shape: spelling.shape,
    name,
    isRequired: /!/.test(before + after),
    operands,
    description: description === '' ? null : description,
  }
  return { placeholder, end: close + spelling.closer.length }
}

/** An argument ends at its matching bracket: `default<a <b>>` contains `a <b>`. */
function readArgument(
  line: string,
  at: number,
  closers: Closers,
): { readonly value: string; readonly end: number } | null {
  const opener = line.charAt(at)
  const closer = argumentBrackets[opener]
  if (closer === undefined) return null
  const end = closers.of(at, { opener, closer })
  return end === null ? null : { value: line.slice(at + 1, end).trim(), end: end + 1 }
}
