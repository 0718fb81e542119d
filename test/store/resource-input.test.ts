import { describe, expect, test } from 'vitest'
import {
  parseBotInput,
  parseContactInput,
  parseDatasetChange,
  parseDatasetInput,
  parseEnsuredContact,
  parseSecretChange,
} from '../../src/store/resource-input.ts'

describe('the input of what is stored', () => {
  test('distinguishes absent, undefined and null', () => {
    expect(Object.keys(parseBotInput({ name: null, model: undefined, backstory: '' }, []))).toEqual([
      'name',
      'backstory',
    ])
    expect(parseDatasetChange({ records: null }, [])).toEqual({ records: null })
    expect(Object.keys(parseDatasetChange({ name: 'n' }, []))).toEqual(['name'])
    expect(parseSecretChange({}, [])).toEqual({})
  })

  test('accepts at most 16 MB of records, as JSON in UTF-8', () => {
    const records = Array.from({ length: 16 }, () => ({ text: 'x'.repeat(999_998) }))
    expect(parseDatasetInput({ records }, ['input']).records).toHaveLength(16)
    for (const more of [{ text: '' }, { text: '', meta: { a: 1 } }]) {
      expect(() => parseDatasetInput({ records: [...records, more] }, ['input'])).toThrow(
        expect.objectContaining({
          code: 'BAD_USER_INPUT',
          issues: [{ path: ['input', 'records'], message: 'takes at most 16000000 bytes in all' }],
        }),
      )
    }
    const wide = [...records.slice(1), { text: 'é'.repeat(500_000) }]
    expect(() => parseDatasetInput({ records: wide }, [])).toThrow('16000000 bytes')
  })

  test('a contact to find by its fingerprint needs one', () => {
    expect(parseEnsuredContact({ fingerprint: 'f', name: null }, [])).toEqual({ fingerprint: 'f', name: null })
    expect(parseContactInput({ name: 'n' }, [])).toEqual({ name: 'n' })
    for (const input of [{}, { fingerprint: null }, { fingerprint: '' }, { fingerprint: 'x'.repeat(201) }]) {
      expect(() => parseEnsuredContact(input, ['input', 'contact'])).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ path: ['input', 'contact', 'fingerprint'] })] }),
      )
    }
  })
})
