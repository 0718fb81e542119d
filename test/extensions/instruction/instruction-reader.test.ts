import { deserialize, serialize } from 'node:v8'
import { expect, test } from 'vitest'
import { compileInstruction } from '../../../src/extensions/instruction/instruction.ts'
import {
  createInstructionReader,
  instructionsMs,
  shortInstructions,
} from '../../../src/extensions/instruction/instruction-reader.ts'
import { OutOfBudget } from '../../../src/kernel/helpers/budget.ts'

const echo = (length: number, mark = '') => `\`\`\`echo\n${mark}${'x'.repeat(length)}\n\`\`\``

/** A reader whose helper stands in for a parser that takes its time. What it gives is copied, as between processes. */
function withHelper(costMs = 0) {
  const asked: string[] = []
  const reader = createInstructionReader(async (_account, text, budget) => {
    asked.push(text)
    if (budget.leftMs < costMs) throw new OutOfBudget('time')
    budget.leftMs -= costMs
    return deserialize(serialize(compileInstruction(text)))
  })
  return { reader, asked }
}

test('short instructions are read at once, up to a bound; longer ones in the helper', async () => {
  const { reader, asked } = withHelper()
  const short = Array.from({ length: 10 }, (_, n) => echo(shortInstructions.each - 20, String(n)))
  const long = echo(shortInstructions.each)
  const compile = await reader.read('acme', [long, ...short])
  expect(asked.length).toBe(1 + 10 - shortInstructions.together / shortInstructions.each)
  for (const text of [long, ...short]) expect(compile(text)).toEqual(compileInstruction(text))
})

test('what the helper gives is what would have been read here, patterns and whole numbers included', async () => {
  const { reader } = withHelper()
  const text = `\`\`\`fetch\nurl: https://a.test/$[q! sanitize<[^a-z]>|x]\nbody: {n: 12345678901234567890, pad: "${'x'.repeat(1000)}"}\n\`\`\``
  expect((await reader.read('acme', [text]))(text)).toEqual(compileInstruction(text))
  expect(compileInstruction(text).kind).toBe('compiled')
})

test('instructions that take too long are refused, with those of the request that come after them', async () => {
  const { reader } = withHelper(instructionsMs / 2)
  const texts = ['a', 'b', 'c'].map((mark) => echo(2000, mark))
  const compile = await reader.read('acme', texts)
  expect(texts.map((text) => compile(text).kind)).toEqual(['compiled', 'compiled', 'refused'])
  expect(compile(texts[2] ?? '')).toMatchObject({ message: 'The instructions take too much time to read.' })
})
