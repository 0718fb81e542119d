import { once } from 'node:events'
import { connect } from 'node:net'

/** What a server answered to those bytes, until it closed or said nothing more for a moment. */
export async function sendBytes(url: string, bytes: Uint8Array, quietMs = 100): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
  })
  const closed = once(socket, 'close')
  socket.setTimeout(quietMs).on('timeout', () => {
    // A busy server has begun its answer, and has not come to the end of it.
    if (answer !== '' && isWhole(answer) === false) socket.setTimeout(quietMs)
    else socket.destroy()
  })
  socket.end(bytes)
  await closed
  return answer
}

/** The first whole answer to those bytes, however long it takes; what there is of it when the server closes before. */
export async function answerTo(url: string, bytes: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1')
    if (isWhole(answer)) socket.destroy()
  })
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

export function upgradeRequest(): Buffer {
  return Buffer.from(
    [
      'GET /graphql HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
      '',
      '',
    ].join('\r\n'),
  )
}

/** A masked frame, as clients send them; the mask is zero. */
export function frame(opcode: number, payload: Uint8Array): Buffer {
  const length = payload.byteLength
  const header =
    length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | length])
      : Buffer.from([0x80 | opcode, 0xfe, length >> 8, length & 255])
  return Buffer.concat([header, Buffer.alloc(4), payload])
}

/** Whether the first answer has come to its end; null: it does not say how long it is. */
function isWhole(answer: string): boolean | null {
  const [head = '', body] = answer.split(/\r\n\r\n(.*)/s)
  if (body === undefined) return false
  const length = /^content-length: (\d+)$/im.exec(head)?.[1]
  return length === undefined ? null : body.length >= Number(length)
}
