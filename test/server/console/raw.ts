import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/** Sends bytes as they stand and gives the whole answer, a character for each byte. The request asks for the end of the connection. */
export async function raw(url: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setEncoding('latin1')
  socket.write(request)
  return text(socket)
}
