/** Lines of the system message that share at least two words (of four letters or more, or numbers) with the message. */
export function demoRecords(message: string, systemTexts: readonly string[]): readonly string[] {
  const asked = wordsOf(message.slice(0, 2000))
  if (asked.size < leastShared) return []
  const lines = systemTexts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '')
  const scored = lines.map((line) => ({ line, score: [...wordsOf(line)].filter((word) => asked.has(word)).length }))
  const best = Math.max(leastShared, ...scored.map(({ score }) => score))
  return scored.flatMap(({ line, score }) => (score === best ? [line.trim()] : [])).slice(0, mostQuoted)
}

const leastShared = 2
const mostQuoted = 2

/** Words that say nothing about the subject of a text. */
const common = new Set(
  'about been could does from have into only over please should tell than that their them then there these they this those were what when where which will with would your'.split(
    ' ',
  ),
)

function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}|\p{N}{2,}/gu) ?? []
  return new Set(words.filter((word) => !common.has(word)))
}
