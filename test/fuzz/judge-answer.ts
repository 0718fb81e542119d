import { expect } from 'vitest'
import { errorCodes } from '../../src/api/chatbotkit/refusal.ts'
import { failures } from '../../src/kernel/errors.ts'

const graphqlCodes = [...Object.keys(failures), 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']

/** The codes of an answer's errors; fails on one without a documented code, and on a defect. */
export function codesOf(answer: string): readonly string[] {
  const { code, errors, data } = JSON.parse(answer) as Answer
  if (errors === undefined) {
    if (code === undefined) return []
    expect([...errorCodes, ...outcomeCodes], answer).toContain(code)
    expect(code, answer).not.toBe('INTERNAL_SERVER_ERROR')
    return [code]
  }
  expect(errors, answer).not.toEqual([])
  return errors.map(({ extensions }) => {
    expect(graphqlCodes, answer).toContain(extensions?.code)
    expect(extensions?.code, answer).not.toBe('INTERNAL')
    if (extensions?.code === 'UNAUTHENTICATED') expect(data ?? null, answer).toBe(null)
    return extensions?.code ?? ''
  })
}

/** Of a run that an awaited completion tells of. */
const outcomeCodes = ['MODEL_UNAVAILABLE', 'MODEL_REJECTED', 'TIMEOUT', 'LIMIT_EXCEEDED']

interface Answer {
  readonly data?: unknown
  readonly code?: string
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
}

/** Only a 503 is meant; a 501 says that this server cannot do it. */
export function expectNoBreakdown(status: number, about: string): void {
  expect(status < 500 || status === 503 || status === 501, about).toBe(true)
}
