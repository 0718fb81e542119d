import { expect, test } from 'vitest'
import { shareBytes } from '../../../src/api/streaming/share-bytes.ts'

const long = (start: string) => start + 'é'.repeat(100_000)

test('equal long texts are the same bytes while somebody holds them', () => {
  const held = [long('a'), long('b'), long('c')].map(shareBytes)
  expect(new Set(held).size).toBe(3)
  for (const [n, start] of ['a', 'b', 'c'].entries()) {
    expect(shareBytes(long(start))).toBe(held[n])
    expect(Buffer.from(held[n] as Uint8Array).toString()).toBe(long(start))
  }
})

test('short texts are not looked for, and only so many long ones', () => {
  expect(shareBytes('short')).not.toBe(shareBytes('short'))
  const first = shareBytes(long('first'))
  const others = Array.from({ length: 64 }, (_, n) => shareBytes(long(`other ${n}`)))
  expect(shareBytes(long('first'))).not.toBe(first)
  expect(shareBytes(long('other 63'))).toBe(others[63])
})
