import type { WebSocket } from 'ws'
import { shareBytes } from '../../../streaming/share-bytes.ts'

/** What is shorter is sent as it is. UTF-16 code units. */
const shortest = 65_536
/** Quotes in an id are escaped, so this is the field. */
const payloadField = '"payload":'

/**
 * Sends a message of the protocol. A long one goes in two fragments: what is the subscription's own, and its payload as bytes
 * that all readers of an equal payload hold together, however many of them do not read.
 */
export function sendShared(websocket: WebSocket, message: string, done: () => void): void {
  const at = message.indexOf(payloadField)
  if (message.length < shortest || at === -1) {
    websocket.send(message, done)
    return
  }
  const begin = at + payloadField.length
  websocket.send(message.slice(0, begin), { fin: false })
  websocket.send(shareBytes(message.slice(begin)), { binary: false, fin: true }, done)
}
