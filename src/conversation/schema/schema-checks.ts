import { type Budget, OutOfBudget } from '../../kernel/helpers/budget.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { keepLatest } from '../../kernel/keep-latest.ts'
import { compileJsonSchema, dialectProblem, type SchemaCheck } from './json-schema.ts'
import { type SchemaProblem, tooLarge } from './schema-problem.ts'
import { simpleSize } from './simple-schema.ts'
import type { Schema } from './walk.ts'

/** Reads callers' schemas, and checks arguments by them, so that no schema keeps the process from its other work. */
export interface SchemaChecks {
  /** Why schemas cannot be read, by their place in the list; they share one budget of time. */
  problems(account: string, schemas: readonly Schema[]): Promise<readonly (SchemaProblem | null)[]>
  /** A check whose calls share one budget of time. */
  begin(account: string): ArgumentsCheck
}

/** Why a value does not match; null: it does. @param length that of the value as JSON. */
export type ArgumentsCheck = (schema: Schema, value: unknown, length: number) => Promise<string | null>

/** The same work where it can be ended. Both throw OutOfBudget. */
export interface SchemaHelper {
  problem(account: string, schema: Schema, budget: Budget): Promise<SchemaProblem | null>
  mismatch(account: string, schema: Schema, value: unknown, budget: Budget): Promise<string | null>
}

/**
 * Up to here it is done at once, which is faster: a compiled schema costs 20 µs for each point of its size, a check at most
 * a comparison for each point and each character. So neither takes more than ten milliseconds.
 */
export const simpleBounds = { schema: 400, schemas: 4000, value: 16_384, text: 32_768 } as const

/** The time of all schemas of one request, and of all calls of one answer of a model. */
export const checkBudgetsMs = { schemas: 3000, values: 1500 } as const

/** How many compiled simple schemas are kept; each takes about 20 KB. */
const keptChecks = 200

export function createSchemaChecks(helper: SchemaHelper): SchemaChecks {
  const known = keepLatest<SchemaCheck>(keptChecks)

  const checkOf = (schema: Schema): SchemaCheck | null => {
    const size = simpleSize(schema)
    if (size === null || size > simpleBounds.schema) return null
    const text = stringifyJson(schema)
    if (text.length > simpleBounds.text) return null
    return known(text, () => {
      const compiled = compileJsonSchema(schema)
      // It was checked when the dispatch was accepted.
      return 'check' in compiled ? compiled.check : () => compiled.problem
    })
  }
  return {
    async problems(account, schemas) {
      const budget: Budget = { leftMs: checkBudgetsMs.schemas }
      let room: number = simpleBounds.schemas
      const problems: (SchemaProblem | null)[] = []
      for (const schema of schemas) {
        const size = simpleSize(schema)
        room -= size ?? 0
        problems.push(
          size !== null && room >= 0
            ? dialectProblem(schema)
            : await orTooLarge(() => helper.problem(account, schema, budget)),
        )
      }
      return problems
    },
    begin(account) {
      const budget: Budget = { leftMs: checkBudgetsMs.values }
      return async (schema, value, length) => {
        const check = length > simpleBounds.value ? null : checkOf(schema)
        if (check !== null) return check(value)
        try {
          return await helper.mismatch(account, schema, value, budget)
        } catch (error) {
          if (error instanceof OutOfBudget)
            return `The arguments take too much ${error.what} to check against the schema.`
          throw error
        }
      }
    },
  }
}

async function orTooLarge(read: () => Promise<SchemaProblem | null>): Promise<SchemaProblem | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof OutOfBudget) return tooLarge
    throw error
  }
}
