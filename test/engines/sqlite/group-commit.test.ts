import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { createGroupCommit } from '../../../src/engines/sqlite/database/group-commit.ts'
import { createStatements, type Statements } from '../../../src/engines/sqlite/database/statements.ts'
import { opened } from '../../support/lifetime/opened.ts'

/** A database whose statements are noted, and can be made to fail. */
function open() {
  const db = opened(new DatabaseSync(':memory:'))
  const inner = createStatements(db)
  const noted: string[] = []
  const trouble = { at: 'nothing' }
  const sql: Statements = {
    ...inner,
    run: (text, ...values) => {
      noted.push(text.split(' ', 1)[0] ?? '')
      if (text.startsWith(trouble.at)) throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
      return inner.run(text, ...values)
    },
  }
  inner.script('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT')
  const database = createGroupCommit(sql)
  const add = (id: number) => database.command(() => sql.run('INSERT INTO t VALUES (?)', id))
  const ids = () => inner.all<{ id: number }>('SELECT id FROM t ORDER BY id').map(({ id }) => id)
  return { database, add, ids, noted, trouble, inner }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('the commands of one turn share a transaction', async () => {
  const { add, ids, noted } = open()
  await Promise.all([add(1), add(2), add(3)])
  expect(ids()).toEqual([1, 2, 3])
  expect(noted.filter((word) => word === 'BEGIN' || word === 'COMMIT')).toEqual(['BEGIN', 'COMMIT'])
})

test('a command that throws undoes itself, and no other', async () => {
  const { database, add, ids, inner } = open()
  const told: string[] = []
  const failing = database.command(() => {
    inner.run('INSERT INTO t VALUES (9)')
    database.onceKept(() => told.push('failed'))
    throw new Error('refused')
  })
  const last = database.command(() => database.onceKept(() => told.push('last')))
  const [first, refused] = await Promise.allSettled([add(1), failing, last])
  expect([first.status, refused]).toMatchObject(['fulfilled', { reason: { message: 'refused' } }])
  expect([ids(), told]).toEqual([[1], ['last']])
})

test('nothing is answered or told before it is committed', async () => {
  const { database, noted } = open()
  const order: string[] = []
  await database.command(() => {
    database.onceKept(() => order.push(`told after ${noted.at(-1)}`))
  })
  order.push('answered')
  expect(order).toEqual(['told after COMMIT', 'answered'])
})

test.each(['COMMIT', 'INSERT'])(
  'when the disk fails at %s, all of the group are UNAVAILABLE and nothing is told',
  async (at) => {
    const { database, add, ids, trouble } = open()
    const told: string[] = []
    trouble.at = at
    const telling = database.command(() => database.onceKept(() => told.push('told')))
    const outcomes = await Promise.allSettled([telling, add(1)])
    expect(outcomes).toMatchObject([{ reason: { code: 'UNAVAILABLE' } }, { reason: { code: 'UNAVAILABLE' } }])
    expect([ids(), told]).toEqual([[], []])
    if (at === 'COMMIT') await expect(database.readiness()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    trouble.at = 'nothing'
    await database.readiness()
    await add(2)
    expect([ids(), told]).toEqual([[2], []])
  },
)

test('a read sees what is committed alone', async () => {
  const { database, add, ids } = open()
  const adding = add(1)
  expect(await database.read(ids)).toEqual([])
  await adding
  expect(await database.read(ids)).toEqual([1])
})

describe('a long group', () => {
  test('is committed in parts, so that it does not hold up the event loop', async () => {
    const { database, noted } = open()
    const slow = () => {
      const until = performance.now() + 6
      while (performance.now() < until);
    }
    await Promise.all([1, 2, 3, 4].map(() => database.command(slow)))
    expect(noted.filter((word) => word === 'COMMIT').length).toBeGreaterThan(1)
  })
})

describe('a patient caller', () => {
  test('waits until the disk has room again', async () => {
    const { database, inner } = open()
    inner.script('PRAGMA max_page_count = 3; CREATE TABLE blob (content BLOB)')
    const write = () => inner.run('INSERT INTO blob VALUES (zeroblob(20000))')
    await expect(database.command(write)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('The disk is full'),
    })
    let isDone = false
    const waiting = database.patient.command(write).then(() => {
      isDone = true
    })
    // Its first attempt has failed by then.
    await nextTurn()
    await nextTurn()
    expect(isDone).toBe(false)
    inner.script('PRAGMA max_page_count = 100')
    await waiting
    expect(inner.all('SELECT 1 FROM blob')).toHaveLength(1)
  })

  test('is refused what is no fault of the disk', async () => {
    const { database } = open()
    const refusing = database.patient.command(() => {
      throw new Error('refused')
    })
    await expect(refusing).rejects.toThrow('refused')
  })

  test('is let go when the store closes', async () => {
    const { database, trouble } = open()
    trouble.at = 'COMMIT'
    const waiting = database.patient.command(() => 1)
    await expect(database.command(() => 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    database.close()
    await expect(waiting).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})

test('what was asked for is committed at the close, and nothing after it', async () => {
  const { database, add, ids } = open()
  const adding = add(1)
  database.close()
  await adding
  expect(ids()).toEqual([1])
  await expect(add(2)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})
