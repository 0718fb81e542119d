import { beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../conformance/engines.ts'
import { startExtendedService } from '../../support/service/extended-service.ts'

const metadata = { maker: { signature: 'c2lnbmF0dXJl' } }
const look = {
  name: 'look',
  description: 'Looks.',
  parameters: { type: 'object' },
  result: { data: 'dry' },
}

describe.each(engines)('on %s', (_name, _open, start) => {
  let place: Awaited<ReturnType<typeof startExtendedService>>
  beforeAll(async () => {
    place = await startExtendedService(start)
  })

  test('a dispatch that continues another returns the provider’s signed data, and clients do not see it', async () => {
    const first = await place.run(
      { messages: [{ type: 'USER', text: 'Rain?' }], functions: [look] },
      {
        lines: [
          { reasoning: 'I look.' },
          { type: 'metadata', of: 'reasoning', metadata },
          { call: 'look', id: 'toolu_1' },
        ],
      },
      { lines: ['Dry.'] },
    )
    expect(first.events.at(-1)).toMatchObject({ result: { text: 'Dry.' } })
    const next = await place.run({ messages: [{ type: 'USER', text: 'Sure?' }], continues: first.channelId })
    expect(next.calls[0]?.prompt).toEqual([
      ...(first.calls[1]?.prompt ?? []),
      { role: 'assistant', parts: [{ type: 'text', text: 'Dry.' }] },
      { role: 'user', text: 'Sure?' },
    ])
    expect(JSON.stringify(next.calls[0]?.prompt)).toContain('c2lnbmF0dXJl')
    expect(JSON.stringify(next.events)).not.toContain('c2lnbmF0dXJl')
  })
})
