import { describe, expect, test } from 'vitest'
import { callWith, patched, startWire, user, wires } from './wire.ts'

const tools = [{ name: 'write', description: 'Writes a text.', parameters: { type: 'object' } }]
const prompt = [user('Write.')]

const first = { name: 'write', arguments: '{"text":"one two three four five six seven eight nine ten"}', id: 'call_a' }
const second = { name: 'write', arguments: '{"text":"eleven twelve thirteen fourteen"}', id: 'call_b' }
const none = { name: 'write', arguments: '{}', id: 'call_c' }

describe.each(wires)('%s', (id, name) => {
  test('a connection that is cut in the middle of a call’s arguments is a fault that may pass, and tells no call', async () => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [first] }, { chunkSize: 3, truncateAfterChunks: 12, latency: 1 })
    const { fault, calls, last } = await callWith(wire.open(id, name), { prompt, tools })
    expect(fault).toMatchObject({ kind: 'unavailable', isRetryable: true })
    expect(calls).toEqual([])
    expect(last?.type).not.toBe('finish')
  })

  test('a stream that ends anywhere as if it were done tells no call, or all of them and how it finished', async () => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [first, second] }, { chunkSize: 8 })
    const model = wire.open(id, name)
    let length = 1
    let isWhole = false
    const told: unknown[] = []
    for (let kept = 1; kept < length || told.length === 0; kept += 1) {
      wire.edit = (events) => {
        length = events.length
        return [...events.slice(0, kept), '']
      }
      const { fault, calls, last } = await callWith(model, { prompt, tools })
      if (fault === null) {
        isWhole = true
        expect(last).toMatchObject({ type: 'finish', finish: 'stop' })
        expect(calls.map((call) => call.arguments)).toEqual([first.arguments, second.arguments])
      } else {
        expect(isWhole).toBe(false)
        expect(fault).toMatchObject({
          kind: 'unavailable',
          isRetryable: true,
          message: expect.stringMatching(/stream ended/),
        })
        expect(calls).toEqual([])
      }
      told.push(calls.length)
    }
    expect(isWhole).toBe(true)
    expect(told.length).toBeGreaterThan(8)
  })

  test('a token limit in the middle of a call’s arguments leaves out that call alone', async () => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [first, second], finishReason: 'length' }, { chunkSize: 100 })
    wire.edit = (events) => events.map((event) => limited(event).replaceAll(' fourteen\\"}', ''))
    const { fault, calls, last } = await callWith(wire.open(id, name), { prompt, tools })
    expect([fault, last]).toMatchObject([null, { type: 'finish', finish: 'length' }])
    expect(calls.map((call) => call.arguments)).toEqual([first.arguments])
  })

  test.each([
    ['behind a whole call', second, [second.arguments]],
    ['before a call’s first argument', none, []],
  ])('a token limit %s', async (_, call, told) => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [call], finishReason: 'length' })
    wire.edit = (events) => events.map(limited)
    const { fault, calls, last } = await callWith(wire.open(id, name), { prompt, tools })
    expect([fault, last]).toMatchObject([null, { type: 'finish', finish: 'length' }])
    expect(calls.map((each) => each.arguments)).toEqual(told)
  })

  test('arguments that take their time are a sign of life, each piece of them', async () => {
    const wire = await startWire()
    wire.mock.on({}, { toolCalls: [first] }, { chunkSize: 8 })
    let signs = 0
    const onProgress = () => {
      signs += 1
    }
    await callWith(wire.open(id, name), { prompt, tools, onProgress })
    expect(signs).toBe(8)
  })
})

/** The mock says how a call finished as if it had not been told; each API in its own way. */
function limited(event: string): string {
  return patched(event, (data) => {
    const { choices, delta, response } = data
    if (data['type'] === 'response.completed') return { ...data, response: { ...Object(response), ...incomplete } }
    if (data['type'] === 'message_delta') return { ...data, delta: { ...Object(delta), stop_reason: 'max_tokens' } }
    if (!Array.isArray(choices) || choices[0]?.finish_reason == null) return data
    return { ...data, choices: [{ ...choices[0], finish_reason: 'length' }] }
  })
}

const incomplete = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
