import { type Failure, unavailable } from '../../../kernel/errors.ts'

/** SQLite's primary result codes of what is wrong with the disk, the folder or the file, and not with a statement. */
const troubles: ReadonlyMap<number, string> = new Map([
  [5, 'Another process holds the database.'],
  [8, 'The database cannot be written: its file or folder is read-only.'],
  [10, 'The disk failed to read or write the database.'],
  [11, 'The database file is damaged.'],
  [13, 'The disk is full, or the database has reached its largest size.'],
  [14, 'The database file cannot be opened.'],
  [26, 'The file is not a database, or it is damaged.'],
])

/** Null: the error is not SQLite's, or it is a defect of a statement. */
export function troubleOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return troubles.get(Number(error.errcode) & 0xff) ?? null
}

/** For callers: UNAVAILABLE where the disk or the file is the reason. */
export function asFailure(error: unknown): unknown {
  const trouble = troubleOf(error)
  return trouble === null ? error : storeFailure(trouble, error)
}

function storeFailure(trouble: string, cause?: unknown): Failure {
  return unavailable(`The store cannot be used. ${trouble}`, { cause })
}
