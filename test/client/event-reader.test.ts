import { expect, test } from 'vitest'
import { createEventReader } from '../../client/src/connection/event-reader.ts'

const stream =
  ':\n\nevent: next\ndata: {"a":1}\n\n:\r\n\r\nevent:next\r\ndata:{"b":\r\ndata: 2}\r\n\r\nevent: complete\ndata:\n\n'

test('events are read wherever the stream is cut into pieces', () => {
  for (let size = 1; size <= stream.length; size += 1) {
    const events: string[][] = []
    const read = createEventReader((type, data) => events.push([type, data]))
    for (let at = 0; at < stream.length; at += size) read(stream.slice(at, at + size))
    expect(events).toEqual([
      ['next', '{"a":1}'],
      ['next', '{"b":\n2}'],
      ['complete', ''],
    ])
  }
})
