import { expect, test } from 'vitest'
import { fillInstruction } from '../../../src/extensions/instruction/fill.ts'
import { compileInstruction } from '../../../src/extensions/instruction/instruction.ts'
import { mostFilled } from '../../../src/extensions/placeholder/filling.ts'
import { expectLinear } from '../../support/growth.ts'

const reference = '$' + '{CONTACT_NAME}'

function fill(body: string, value: unknown) {
  const result = compileInstruction(`\`\`\`echo\n${body}\n\`\`\``)
  if (result.kind === 'refused') throw new Error(result.message)
  const references = { CONTACT_NAME: 'x'.repeat(2000) }
  return fillInstruction(result.instruction, { a: value }, { references, nonce: () => 'NONCE0123456789ab' })
}

const long = 'x'.repeat(mostFilled / 10)

test.each([
  ['a field in a text', '$[a]'.repeat(11), long],
  ['a text that fills a whole place', '[$[a], $[a], $[a], $[a], $[a], $[a], $[a], $[a], $[a], $[a], $[a]]', long],
  ['a list', `[${'$[a j], '.repeat(11)}]`, JSON.stringify([long])],
  ['operands that make a text longer', '$[a euc]'.repeat(4), '€'.repeat(mostFilled / 20)],
  ['quotes within quotes', `$[a${' js'.repeat(40)}]`, '"'],
  ['references', reference.repeat(501), 'x'],
])('%s fill in only so much, and the model is told', (_what, body, value) => {
  expect(fill(body, value)).toEqual({
    kind: 'refused',
    message: expect.stringMatching(
      /^The placeholders fill in more than 1000000 characters; "(a|CONTACT_NAME)" makes it/,
    ),
  })
})

test('up to the bound everything is filled in', () => {
  expect(fill('$[a]'.repeat(10), long)).toMatchObject({ kind: 'filled', value: long.repeat(10) })
  expect(fill(reference.repeat(490), 'x').kind).toBe('filled')
})

test('a long value that is named often takes no more time than the names', () => {
  expectLinear((size) => fill('$[a]'.repeat(size), long), 250)
})
