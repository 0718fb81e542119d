import type { AnswerKind, CallError, FunctionSpec } from './function.ts'
import { compileJsonSchema, type SchemaCheck } from './schema/json-schema.ts'

/** A call as the model wrote it. */
export interface WrittenCall {
  readonly name: string
  /** What the model wrote as its arguments: JSON, one hopes. */
  readonly arguments: string
}

export interface ReadCall {
  /** Null when they could not be read. */
  readonly arguments: unknown
  readonly answer: AnswerKind
  readonly problem: CallError | null
}

/** Reads a call; `count` is its number within the run, from 1. */
export type CallReader = (call: WrittenCall, count: number) => ReadCall

/** Judges the calls of a run: whether there is such a function, whether its arguments are what it takes, whether it is one too many. */
export function createCallReader(functions: readonly FunctionSpec[], limit: number): CallReader {
  const checks = new Map<string, SchemaCheck>()
  const checkOf = ({ name, parameters }: FunctionSpec): SchemaCheck => {
    const known = checks.get(name)
    if (known !== undefined) return known
    const compiled = compileJsonSchema(parameters)
    // Was looked at when the dispatch was accepted.
    const check = 'check' in compiled ? compiled.check : () => compiled.problem
    checks.set(name, check)
    return check
  }

  return (call, count) => {
    const spec = functions.find(({ name }) => name === call.name)
    const read = parse(call.arguments)
    const refuse = (code: CallError['code'], message: string): ReadCall => {
      return { arguments: read?.value ?? null, answer: spec?.answer.kind ?? 'caller', problem: { code, message } }
    }
    if (spec === undefined) return refuse('NOT_FOUND', 'function not found')
    if (read === null) return refuse('BAD_ARGUMENTS', 'The arguments are not JSON.')
    const wrong = checkOf(spec)(read.value)
    if (wrong !== null) return refuse('BAD_ARGUMENTS', wrong)
    if (count > limit) return refuse('LIMIT_EXCEEDED', 'too many calls')
    return { arguments: read.value, answer: spec.answer.kind, problem: null }
  }
}

/** No text at all is how some models say that there are no arguments. */
function parse(text: string): { readonly value: unknown } | null {
  if (text.trim() === '') return { value: {} }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}
