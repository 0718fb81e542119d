import { parseJson } from '../kernel/json.ts'
import type { AnswerKind, CallError, FunctionSpec } from './function.ts'
import { isDeeper } from './input/field.ts'
import type { ArgumentsCheck } from './schema/schema-checks.ts'

/** A call as the model wrote it. */
export interface WrittenCall {
  readonly name: string
  /** The arguments as text, which should be JSON. */
  readonly arguments: string
}

export interface ReadCall {
  /** Null when the text is not JSON, or too much of it. */
  readonly arguments: unknown
  readonly answer: AnswerKind
  readonly problem: CallError | null
}

/** Reads the calls of one answer of the model. `before`: how many the run has had until then. */
export type CallReader = (calls: readonly WrittenCall[], before: number) => Promise<readonly ReadCall[]>

/** The bounds of one call's arguments: UTF-16 code units, and levels of nesting. They are stored with the run. */
export const argumentBounds = { characters: 1_000_000, levels: 100 } as const

export interface CallReaderOptions {
  readonly functions: readonly FunctionSpec[]
  /** How many calls the run may have. Read for each answer: it may be raised meanwhile. */
  readonly limit: number
  /** Begins a check for one answer. */
  readonly check: () => ArgumentsCheck
}

/** Checks the calls of a run: whether the function exists, its arguments match its schema, and the limit allows the call. */
export function createCallReader(options: CallReaderOptions): CallReader {
  const { functions, check } = options
  const readOne = async (call: WrittenCall, count: number, mismatch: ArgumentsCheck): Promise<ReadCall> => {
    const spec = functions.find(({ name }) => name === call.name)
    const read = parse(call.arguments)
    const refuse = (code: CallError['code'], message: string): ReadCall => {
      const given = 'value' in read ? read.value : null
      return { arguments: given, answer: spec?.answer.kind ?? 'caller', problem: { code, message } }
    }
    if (spec === undefined) return refuse('NOT_FOUND', 'function not found')
    if ('problem' in read) return refuse('BAD_ARGUMENTS', read.problem)
    const wrong = await mismatch(spec.parameters, read.value, call.arguments.length)
    if (wrong !== null) return refuse('BAD_ARGUMENTS', wrong)
    if (count > options.limit) return refuse('LIMIT_EXCEEDED', 'too many calls')
    return { arguments: read.value, answer: spec.answer.kind, problem: null }
  }

  return async (calls, before) => {
    const mismatch = check()
    const all: ReadCall[] = []
    for (const [index, call] of calls.entries()) all.push(await readOne(call, before + index + 1, mismatch))
    return all
  }
}

/** Some models write no text at all when there are no arguments. */
function parse(text: string): { readonly value: unknown } | { readonly problem: string } {
  if (text.trim() === '') return { value: {} }
  if (text.length > argumentBounds.characters) {
    return {
      problem: `The arguments have ${text.length} characters; a call takes at most ${argumentBounds.characters}.`,
    }
  }
  try {
    const value = parseJson(text)
    if (!isDeeper(value, argumentBounds.levels)) return { value }
    return { problem: `The arguments are nested deeper than ${argumentBounds.levels} levels.` }
  } catch {
    return { problem: 'The arguments are not JSON.' }
  }
}
