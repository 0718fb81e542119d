import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { createStatements, type Value } from '../../../src/engines/sqlite/database/statements.ts'
import { opened } from '../../support/lifetime/opened.ts'

/** What node:sqlite itself does against intuition, and that our statements cannot be used so. */
function open() {
  const db = opened(new DatabaseSync(':memory:'))
  const sql = createStatements(db)
  sql.script('CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, number INTEGER) STRICT')
  return { db, sql }
}

describe('whole numbers are whole wherever they go', () => {
  test('in a text that the statement composes, and in JSON', () => {
    const { db, sql } = open()
    expect(db.prepare("SELECT 'run:' || ? AS key").get(5)).toEqual({ key: 'run:5.0' })
    expect(sql.one("SELECT 'run:' || ? AS key, json_object('n', ?) AS json", 5, 5)).toEqual({
      key: 'run:5',
      json: '{"n":5}',
    })
  })

  test('in a column of texts', () => {
    const { sql } = open()
    sql.run('INSERT INTO t (text) VALUES (?)', 7)
    expect(sql.one('SELECT text FROM t')).toEqual({ text: '7' })
  })

  test('up to the largest safe one, and back', () => {
    const { sql } = open()
    sql.run('INSERT INTO t (number) VALUES (?)', Number.MAX_SAFE_INTEGER)
    expect(sql.one('SELECT number FROM t')).toEqual({ number: Number.MAX_SAFE_INTEGER })
  })

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is refused', (number) => {
    const { sql } = open()
    expect(() => sql.run('INSERT INTO t (number) VALUES (?)', number)).toThrow('whole numbers')
  })
})

test.each([new Date(0), new URL('http://a'), new Map(), { a: 1 }, undefined, true])(
  'an object that SQLite would store as NULL or take for names is refused: %s',
  (value) => {
    const { sql } = open()
    expect(() => sql.run('INSERT INTO t (text) VALUES (?)', value as unknown as Value)).toThrow(
      'texts, numbers and bytes',
    )
    expect(sql.all('SELECT * FROM t')).toEqual([])
  },
)

test('one text may be read as objects and as lists', () => {
  const { sql } = open()
  sql.run('INSERT INTO t (text, number) VALUES (?, ?)', 'a', 7)
  const text = 'SELECT number, text FROM t WHERE number = ?'
  for (let times = 0; times < 2; times++) {
    expect(sql.lists(text, 7)).toEqual([[7, 'a']])
    expect(sql.all(text, 7)).toEqual([{ number: 7, text: 'a' }])
  }
})

test('RETURNING writes at once, and leaves no statement at work', () => {
  const { sql } = open()
  sql.run('BEGIN IMMEDIATE')
  expect(sql.one("INSERT INTO t (text) VALUES ('a'), ('b') RETURNING id")).toEqual({ id: 1 })
  sql.run('COMMIT')
  expect(sql.all('SELECT id FROM t')).toHaveLength(2)
})

test('a statement can be asked again while its rows are gone through', () => {
  const { sql } = open()
  sql.run("INSERT INTO t (text) VALUES ('a'), ('b'), ('c')")
  const seen: string[] = []
  for (const { id } of sql.all<{ id: number }>('SELECT id FROM t ORDER BY id')) {
    // Rows that come meanwhile are not seen: an iterator would never end.
    sql.run('INSERT INTO t (text) VALUES (?)', `after ${id}`)
    seen.push(sql.all('SELECT id FROM t ORDER BY id').length.toString())
  }
  expect(seen).toEqual(['4', '5', '6'])
})

test('statements that are composed from values are found out', () => {
  const { sql } = open()
  expect(() => {
    for (let n = 0; n < 300; n++) sql.one(`SELECT ${n}`)
  }).toThrow('composed from values')
})
