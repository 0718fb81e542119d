import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/kernel/ids.ts'
import { createVault } from '../../src/store/vault.ts'
import { ids } from '../support/run/runs.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]
const vault = createVault({ keys: [first], randomBytes })
const key = { account: 'a' as AccountId, id: ids.resourceId('secret') }

describe('a vault', () => {
  test.each(['hunter2', 'ünïcode 💡', 'x'.repeat(16_384), '\u0000'])('opens what it has sealed: %#', (value) => {
    expect(vault.open(key, vault.seal(key, value))).toBe(value)
  })

  test('reveals neither the value nor that two values are equal', () => {
    const sealed = vault.seal(key, 'hunter2')
    expect(sealed).toMatch(/^v1\.[0-9a-f]{16}\.[\w-]{16}\.[\w-]+$/)
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('hunter2')
    expect(vault.seal(key, 'hunter2').split('.')[3]).not.toBe(sealed.split('.')[3])
  })

  test('does not open for another secret, nor for another account', () => {
    const sealed = vault.seal(key, 'hunter2')
    expect(() => vault.open({ ...key, id: ids.resourceId('secret') }, sealed)).toThrow()
    expect(() => vault.open({ ...key, account: 'b' as AccountId }, sealed)).toThrow()
  })

  test('does not open what was tampered with, or cut short', () => {
    const [form, id, nonce, text = ''] = vault.seal(key, 'hunter2').split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (let n = 0; n < bytes.length; n++) {
      const changed = Buffer.from(bytes)
      changed[n] = (changed[n] ?? 0) ^ 1
      expect(() => vault.open(key, [form, id, nonce, changed.toString('base64url')].join('.'))).toThrow()
      const short = bytes.subarray(0, n).toString('base64url')
      expect(() => vault.open(key, [form, id, nonce, short].join('.'))).toThrow()
    }
    expect(() => vault.open(key, [form, id, '', text].join('.'))).toThrow()
  })

  test('keys rotate: the new one seals, the old one still opens, and a removed one is reported', () => {
    const sealed = vault.seal(key, 'old')
    const rotated = createVault({ keys: [second, first], randomBytes })
    expect(rotated.open(key, sealed)).toBe('old')
    const after = createVault({ keys: [second], randomBytes })
    expect(after.open(key, rotated.seal(key, 'new'))).toBe('new')
    expect(() => after.open(key, sealed)).toThrow(
      expect.objectContaining({ code: 'UNAVAILABLE', message: expect.stringContaining('SECRETS_KEY') }),
    )
  })
})
