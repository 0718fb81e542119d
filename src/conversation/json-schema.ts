import { type Context, createContext, Script } from 'node:vm'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

/** Says what is wrong with a value, for a person or a model to read; null when it is as the schema wants it. */
export type SchemaCheck = (value: unknown) => string | null

/**
 * A caller's JSON Schema as a check. Keywords that are not known are ignored, and so are formats, which the specification
 * has as annotations. `problem` says why the schema itself is not one; references out of it are refused.
 */
export function compileJsonSchema(
  schema: Readonly<Record<string, unknown>>,
): { readonly check: SchemaCheck } | { readonly problem: string } {
  const ajv = compiler()
  // A draft's name and the schema's own: neither is to be looked up, nor kept.
  const { $schema: _draft, $id: _id, ...rest } = schema
  try {
    const validate = withinTime(mostMs.compiling, () => ajv.compile(rest))
    return { check: (value) => checked(validate, value) }
  } catch (error) {
    return { problem: problemOf(error) }
  } finally {
    // It would keep every schema that it has ever seen.
    ajv.removeSchema(rest)
  }
}

/**
 * References that double at every level, or a pattern that backtracks, can take for ever: a worker that is busy with one loses
 * all of its runs.
 */
const mostMs = { compiling: 3000, checking: 1000 }

function checked(validate: ValidateFunction, value: unknown): string | null {
  try {
    return withinTime(mostMs.checking, () => validate(value)) ? null : wordsOf(validate)
  } catch (error) {
    if (error instanceof OutOfTime) return 'The arguments take too long to check against the schema.'
    throw error
  }
}

function problemOf(error: unknown): string {
  // The compiler goes down by recursion, and a schema of thousands of properties becomes one expression.
  if (error instanceof OutOfTime || error instanceof RangeError) return 'it is too large'
  return error instanceof Error ? error.message : String(error)
}

let shared: Ajv2020 | null = null

/** Made when it is first needed: it compiles the schema of schemas, which takes milliseconds. */
function compiler(): Ajv2020 {
  shared ??= new Ajv2020({ strict: false, validateFormats: false, logger: false, addUsedSchema: false })
  return shared
}

/** Alternatives within alternatives fail in millions of ways, and a model is to read this. */
const most = { errors: 10, characters: 1000 }

function wordsOf({ errors }: ValidateFunction): string {
  return (errors ?? [])
    .slice(0, most.errors)
    .map(({ instancePath, message = 'is wrong', params }) => {
      const unknown = (params as { additionalProperty?: string }).additionalProperty
      const about = unknown === undefined ? '' : `: ${unknown}`
      return `${instancePath === '' ? 'arguments' : `arguments${instancePath.replaceAll('/', '.')}`} ${message}${about}`
    })
    .join('; ')
    .slice(0, most.characters)
}

class OutOfTime extends Error {}

let context: Context | null = null
const call = new Script('run()')

/**
 * Runs something synchronous that a stranger's input may make endless, such as a pattern that backtracks; throws OutOfTime
 * when it is not done by then. Costs about 0.3 ms.
 */
function withinTime<Result>(ms: number, run: () => Result): Result {
  context ??= createContext({})
  try {
    context['run'] = run
    // What the script calls is cut off as well, whichever realm it is of.
    return call.runInContext(context, { timeout: ms }) as Result
  } catch (error) {
    // Not by its class: it may be of the other realm.
    const { code } = (error ?? {}) as { readonly code?: unknown }
    const isOver = code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
    throw isOver ? new OutOfTime(`not done within ${ms} ms`) : error
  } finally {
    context['run'] = null
  }
}
