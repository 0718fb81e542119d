import fc from 'fast-check'

/** Names that an object has without having been given them. */
const inherited = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty']
const codePoint = fc.integer({ min: 0, max: 0x10ffff }).filter((point) => point < 0xd800 || point > 0xdfff)

/**
 * Any code points. `fc.string({ unit: 'binary' })` draws the same, and first fills a table of all of them: half a second in each process.
 * @param maxLength in code points
 */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  const length = maxLength === undefined ? {} : { maxLength }
  const text = fc.array(codePoint, length).map((points) => String.fromCodePoint(...points))
  return fc.oneof({ arbitrary: text, weight: 20 }, fc.constantFrom(...inherited))
}
