import { expect, test } from 'vitest'
import { createDocumentCache } from '../../../../src/api/graphql/transport/document-cache.ts'

test('caches operations, but none with long literals', () => {
  const cache = createDocumentCache<{ kind: string }>()
  const document = { kind: 'Document' }
  cache.set('x'.repeat(10_000), document)
  cache.set('x'.repeat(10_001), document)
  expect(cache.get('x'.repeat(10_000))).toBe(document)
  expect(cache.get('x'.repeat(10_001))).toBeUndefined()
})
