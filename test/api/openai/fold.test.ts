import { describe, expect, test } from 'vitest'
import { entriesOf, logs } from '../../support/openai/logs.ts'
import { accumulated, eventsOf } from '../../support/openai/replay.ts'

describe.each(Object.entries(logs))('%s', (_name, log) => {
  const events = eventsOf(entriesOf(log))

  test('is numbered upwards', () => {
    const numbers = events.map((event) => event.sequence_number)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  })

  test('passes the accumulation of the stock client', async () => {
    const { final, seen } = await accumulated(events, null)
    console.log(
      JSON.stringify(seen.map((e: any) => [e.sequence_number, e.type, e.delta, e.item?.id, e.response?.status])),
      JSON.stringify(final),
    )
  })
})
