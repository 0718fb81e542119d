import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { keepAlive } from '../../../../src/api/streaming/socket/keep-alive.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The counts of one connection at the end of an interval. */
interface Interval {
  readonly read?: number
  readonly written?: number
  readonly waiting?: number
  readonly isPaused?: boolean
}

test.for<[string, boolean, Interval, Interval]>([
  ['that answers nothing', true, {}, {}],
  ['that answers a ping', false, {}, { read: 6 }],
  ['that sends messages', false, { read: 100 }, { read: 200 }],
  ['that takes some of what waits for it', false, { written: 900, waiting: 800 }, { written: 900, waiting: 500 }],
  ['that takes nothing of what waits for it', true, { written: 900, waiting: 800 }, { written: 900, waiting: 800 }],
  ['that only takes what the kernel takes at once', true, { written: 100 }, { written: 200 }],
  ['that we do not read, because its queries are worked on', false, {}, { isPaused: true }],
  [
    'that we do not read, because it does not',
    true,
    { written: 9, waiting: 9 },
    { written: 9, waiting: 9, isPaused: true },
  ],
])('a connection %s is cut: %s', ([, isCut, first, second]) => {
  const websocket = Object.assign(new EventEmitter(), { OPEN: 1, readyState: 1, ping: vi.fn(), terminate: vi.fn() })
  const tcp = { bytesRead: 0, bytesWritten: 0, writableLength: 0, writableNeedDrain: false }
  let isPaused = false
  keepAlive(websocket as unknown as WebSocket, tcp as unknown as Socket, { intervalMs: 100, isPaused: () => isPaused })
  for (const { read = 0, written = 0, waiting = 0, isPaused: paused = false } of [first, second]) {
    Object.assign(tcp, {
      bytesRead: read,
      bytesWritten: written,
      writableLength: waiting,
      writableNeedDrain: waiting > 0,
    })
    isPaused = paused
    vi.advanceTimersByTime(100)
  }
  expect(websocket.terminate).toHaveBeenCalledTimes(isCut ? 1 : 0)
  expect(websocket.ping).toHaveBeenCalledTimes(isCut ? 1 : 2)
  websocket.emit('close')
  expect(vi.getTimerCount()).toBe(0)
})
