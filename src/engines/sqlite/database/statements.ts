import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** What a statement takes. node:sqlite itself stores a lone Date as NULL and every number as REAL. */
export type Value = string | number | bigint | Uint8Array | null

/**
 * The only way to the database. Each text is prepared once, so it must be constant: values come as arguments. Rows come all
 * at once: node:sqlite's iterators hold locks and old snapshots when they are not read to their end.
 */
export interface Statements {
  all<Row>(sql: string, ...values: readonly Value[]): readonly Row[]
  /** Rows as lists of their columns, which is faster: for reads of thousands. */
  lists<Row extends readonly unknown[]>(sql: string, ...values: readonly Value[]): readonly Row[]
  /** The first row; null: there is none. */
  one<Row>(sql: string, ...values: readonly Value[]): Row | null
  /** Returns how many rows it changed. */
  run(sql: string, ...values: readonly Value[]): number
  /** Runs statements to their end: without values, and not kept. Needed by pragmas such as `incremental_vacuum`. */
  script(sql: string): void
}

/** More texts than the engine has: somebody composes them from values. */
const mostTexts = 200

export function createStatements(db: DatabaseSync): Statements {
  const kept = new Map<string, StatementSync>()
  const prepared = (sql: string, isForLists = false): StatementSync => {
    const key = isForLists ? `lists: ${sql}` : sql
    const known = kept.get(key)
    if (known !== undefined) return known
    if (kept.size >= mostTexts) throw new Error('Statements are composed from values.')
    const statement = db.prepare(sql)
    if (isForLists) statement.setReturnArrays(true)
    kept.set(key, statement)
    return statement
  }
  return {
    // The row's type is that of the columns which the statement names.
    all: <Row>(sql: string, ...values: readonly Value[]) => prepared(sql).all(...values.map(bound)) as Row[],
    lists: <Row extends readonly unknown[]>(sql: string, ...values: readonly Value[]) =>
      prepared(sql, true).all(...values.map(bound)) as unknown as Row[],
    one: <Row>(sql: string, ...values: readonly Value[]) =>
      (prepared(sql).get(...values.map(bound)) as Row | undefined) ?? null,
    run: (sql, ...values) => Number(prepared(sql).run(...values.map(bound)).changes),
    script: (sql) => db.exec(sql),
  }
}

/** Whole numbers as bigints, which become INTEGER wherever they go. */
function bound(value: Value): string | bigint | Uint8Array | null {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`The store takes whole numbers, not ${value}.`)
    return BigInt(value)
  }
  if (value === null || typeof value === 'string' || typeof value === 'bigint' || value instanceof Uint8Array)
    return value
  throw new TypeError(`The store takes texts, numbers and bytes, not ${Object.prototype.toString.call(value)}.`)
}
