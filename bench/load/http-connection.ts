import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * One keep-alive connection that posts JSON, one request at a time, and parses as little of the answers as possible.
 */
export interface HttpConnection {
  /** Returns the body as text. Rejects unless the status is 200. */
  post(body: string): Promise<string>
  close(): void
}

const endOfHead = '\r\n\r\n'

/** Node's servers close connections after 5 s of inactivity, so one that was idle this long is reopened. */
const longestRestMs = 2000

/** Node's own client would cost as much CPU as the measured servers; this one implements only the HTTP/1.1 it needs. */
export async function openHttp(url: string): Promise<HttpConnection> {
  const { hostname, port } = new URL(url)
  const head = `POST /graphql HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\naccept: application/json\r\n`
  let waiting: PromiseWithResolvers<string> | null = null
  let lastUsedAt = performance.now()

  const open = async (): Promise<Socket> => {
    const opened = connect(Number(port), hostname).setNoDelay().setEncoding('latin1')
    await once(opened, 'connect')
    let received = ''
    opened.on('data', (chunk: string) => {
      received += chunk
      const body = bodyOf(received)
      if (body === null) return
      if (received.startsWith('HTTP/1.1 200')) waiting?.resolve(body)
      else waiting?.reject(new Error(received.slice(0, 1000)))
      received = ''
    })
    opened.on('error', () => {}) // `close` follows.
    opened.on('close', () => waiting?.reject(new Error('The server closed the connection.')))
    return opened
  }

  let socket = await open()
  return {
    async post(body) {
      if (performance.now() - lastUsedAt > longestRestMs) {
        socket.removeAllListeners('close').destroy()
        socket = await open()
      }
      waiting = Promise.withResolvers()
      socket.write(`${head}content-length: ${Buffer.byteLength(body)}${endOfHead}${body}`)
      const answer = await waiting.promise
      waiting = null
      lastUsedAt = performance.now()
      return answer
    },
    close: () => void socket.removeAllListeners('close').destroy(),
  }
}

/** The body; null while it is incomplete. */
function bodyOf(response: string): string | null {
  const end = response.indexOf(endOfHead)
  if (end === -1) return null
  const head = response.slice(0, end)
  const body = response.slice(end + endOfHead.length)
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) return body.length < Number(length) ? null : body
  // Chunked.
  return body.endsWith('0\r\n\r\n') ? body : null
}

export function channelIdIn(answer: string): string {
  const id = /"channelId":"([^"]+)"/.exec(answer)?.[1]
  if (id === undefined) throw new Error(`This answer names no channel: ${answer}`)
  return id
}
