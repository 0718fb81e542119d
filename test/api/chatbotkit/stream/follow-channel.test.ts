import { expect, test } from 'vitest'
import { readChannel } from '../../../../src/api/chatbotkit/stream/follow-channel.ts'
import { abortableIterator } from '../../../../src/channel/abortable-iterator.ts'
import type { Follower } from '../../../../src/channel/follow.ts'
import type { AccountId, ChannelId } from '../../../../src/kernel/ids.ts'

const key = { account: 'local' as AccountId, channel: 'channel-of-this-test' as ChannelId }

/** A channel on which nothing happens. */
const silent: Follower = {
  follow: () =>
    abortableIterator(async function* (signal) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    }),
  close: () => {},
}

function open() {
  let taken = 0
  const reader = readChannel(
    {
      services: { follower: silent } as never,
      whenExpired: () => () => {},
      turn: () => undefined,
      takeStream: () => {
        taken += 1
        let isTaken = true
        return () => {
          if (isTaken) taken -= 1
          isTaken = false
        }
      },
    },
    { key, principal: { account: key.account, grant: null }, start: {} },
  )
  return { reader, taken: () => taken }
}

test('a reader that is stopped while it waits ends and no longer counts', async () => {
  const { reader, taken } = open()
  const waiting = reader.items[Symbol.asyncIterator]().next()
  expect(taken()).toBe(1)
  reader.stop()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(taken()).toBe(0)
})

test('a reader whose client left before the first read no longer counts', () => {
  const { reader, taken } = open()
  reader.stop()
  expect(taken()).toBe(0)
})
