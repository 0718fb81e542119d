import { parseJson } from '../kernel/json.ts'
import type { AnswerKind, CallError, FunctionSpec } from './function.ts'
import { compileJsonSchema, type SchemaCheck } from './schema/json-schema.ts'

/** A call as the model wrote it. */
export interface WrittenCall {
  readonly name: string
  /** The arguments as text, which should be JSON. */
  readonly arguments: string
}

export interface ReadCall {
  /** Null when the text is not JSON. */
  readonly arguments: unknown
  readonly answer: AnswerKind
  readonly problem: CallError | null
}

/** Reads a call. `count` is its number within the run, from 1. */
export type CallReader = (call: WrittenCall, count: number) => ReadCall

/** Checks the calls of a run: whether the function exists, its arguments match its schema, and the limit allows the call. */
export function createCallReader(functions: readonly FunctionSpec[], limit: number): CallReader {
  const checks = new Map<string, SchemaCheck>()
  const checkOf = ({ name, parameters }: FunctionSpec): SchemaCheck => {
    const known = checks.get(name)
    if (known !== undefined) return known
    const compiled = compileJsonSchema(parameters)
    // The schema was checked when the dispatch was accepted.
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

/** Some models write no text at all when there are no arguments. */
function parse(text: string): { readonly value: unknown } | null {
  if (text.trim() === '') return { value: {} }
  try {
    return { value: parseJson(text) }
  } catch {
    return null
  }
}
