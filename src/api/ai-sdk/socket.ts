import type { IncomingMessage } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Principal } from '../../access/principal.ts'
import { badInput, Failure, type FailureCode } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import { isRecord, parsed, stringifyJson } from '../../kernel/json.ts'
import type { ApiDeps, ApiSockets } from '../api.ts'
import type { Facade } from '../facade/facade.ts'
import type { FrameReader } from '../facade/read-frames.ts'
import { hasTooManyValues, tooManyValues } from '../json-values.ts'
import { bodyCost } from '../loop-costs.ts'
import { readForAccount } from '../streaming/socket/acknowledged.ts'
import { keepAlive } from '../streaming/socket/keep-alive.ts'
import { createPauses, type Pauses } from '../streaming/socket/pauses.ts'
import { socketOptions } from '../streaming/socket/socket-options.ts'
import { limitUntilAcknowledged } from '../streaming/socket/unacknowledged.ts'
import { within } from '../streaming/text-stream.ts'
import { createChat } from './chat.ts'
import { chatBody } from './chat-body.ts'
import { type ChunkFrame, done } from './chunk.ts'
import { type ChunkStream, openStream } from './stream.ts'

/** How many are written in one turn of the event loop. */
const chunksAtOnce = 32

const requestId = z.string().max(200)
const asking = {
  requestId,
  id: z.string(),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.record(z.string(), z.unknown()).nullish(),
}
/** What WebSocketChatTransport sends. */
const request = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('send'),
    ...asking,
    messages: z.unknown(),
    trigger: z.unknown().optional(),
    messageId: z.unknown().optional(),
  }),
  z.looseObject({ type: z.literal('resume'), ...asking }),
  z.looseObject({ type: z.literal('abort'), requestId }),
])
type Request = z.output<typeof request>
type Asking = Exclude<Request, { type: 'abort' }>

/** The names under which requests of sockets are counted. */
export const socketOperations = ['WebSocket send', 'WebSocket resume'] as const

/** How much may come before the first request has been authenticated, whose messages it holds. Bytes. */
const unacknowledgedBytes = 262_144
/** The close of a stream that cannot go on: useChat takes it for a network error, and `end` for success. */
const cannotGoOn = 1012

interface Connection {
  readonly websocket: WebSocket
  readonly upgrade: IncomingMessage
  readonly pauses: Pauses
  readonly streams: Map<string, FrameReader<ChunkFrame>>
  /** Null: none of its requests has had a credential yet. */
  readonly account: () => AccountId | null
  readonly acknowledge: (account: AccountId) => void
}

/**
 * WebSocketChatTransport. Each request brings its own credential in its headers, the first one soon. Closing a stream, or the connection, cancels nothing. A
 * client is read only while none of its requests is being begun, and its chunks are written as fast as it takes them.
 */
export function createChatSockets(deps: ApiDeps, facade: Facade, path: string): ApiSockets {
  const { authenticator, timings, loopTurns } = deps
  const chat = createChat(deps.services)
  const sockets = new WebSocketServer(socketOptions(deps))

  const streamFor = async (principal: Principal, asked: Asking): Promise<ChunkStream | null> => {
    if (asked.type === 'resume') return chat.resume(principal, asked.id, null)
    const { id, messages, trigger, messageId, body } = asked
    const checked = chatBody.safeParse({ ...body, id, messages, trigger, messageId })
    if (checked.success) return chat.send(principal, checked.data)
    throw badInput(checked.error.issues.map(({ path: at, message }) => ({ path: at.map(String), message })))
  }
  const begin = async (connection: Connection, asked: Asking): Promise<void> => {
    const { websocket, upgrade, streams } = connection
    const { requestId: id } = asked
    const principal = await authenticator.authenticate(credentialOf(asked) ?? upgrade.headers.authorization)
    connection.acknowledge(principal.account)
    if (streams.has(id)) throw badInput([{ path: ['requestId'], message: 'another request has this id' }])
    const { account } = principal
    const stream = await deps.inTurn(account, upgrade.socket, () => streamFor(principal, asked))
    if (websocket.readyState !== websocket.OPEN) return
    if (stream === null) return send(websocket, { type: 'no-active', requestId: id })
    const { reader } = await openStream(facade, principal, { ...stream, connection: websocket })
    streams.set(id, reader)
    void tell(connection, id, reader)
  }
  const tell = async (
    { websocket, streams }: Connection,
    id: string,
    { batches, stop, turn }: FrameReader<ChunkFrame>,
  ) => {
    let sequence = 0
    try {
      await send(websocket, { type: 'start', requestId: id })
      for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
        for (const chunk of next.value) {
          if (sequence % chunksAtOnce === chunksAtOnce - 1) await turn()
          if (chunk !== done) await send(websocket, { type: 'chunk', requestId: id, sequence: sequence++, chunk })
        }
      }
      if (streams.has(id)) await send(websocket, { type: 'end', requestId: id })
    } catch {
      if (streams.has(id)) websocket.close(cannotGoOn, 'The stream cannot go on')
    } finally {
      stop()
      streams.delete(id)
    }
  }
  /** Never rejects. */
  const handle = async (connection: Connection, text: string): Promise<void> => {
    const { websocket, upgrade, streams } = connection
    const account = connection.account()
    if (account !== null) await loopTurns.pass(account, bodyCost(text.length))
    if (hasTooManyValues(text)) return websocket.close(1009, tooManyValues)
    const given = parsed(text)
    const checked = request.safeParse(given)
    if (!checked.success) {
      const id = isRecord(given) && typeof given['requestId'] === 'string' ? given['requestId'] : null
      if (id === null) return websocket.close(4400, 'Not a request of a chat transport')
      return send(websocket, { type: 'error', requestId: id, errorText: 'The request does not have its form.' })
    }
    const asked = checked.data
    if (asked.type === 'abort') {
      const reader = streams.get(asked.requestId)
      streams.delete(asked.requestId)
      return reader?.stop()
    }
    const answered = (code: FailureCode | null) => deps.requests?.answered(`WebSocket ${asked.type}`, code)
    try {
      const work = () => begin(connection, asked)
      await (deps.requests === undefined ? work() : deps.requests.operation(upgrade, work))
      answered(null)
    } catch (error) {
      answered(error instanceof Failure ? error.code : 'INTERNAL')
      const { body } = facade.maskError(error)
      await send(websocket, { type: 'error', requestId: asked.requestId, errorText: String(body['message']) })
    }
  }

  const open = (websocket: WebSocket, upgrade: IncomingMessage) => {
    const tcp = upgrade.socket
    const pauses = createPauses(websocket)
    const endLimit = limitUntilAcknowledged(websocket, tcp, unacknowledgedBytes)
    let known: AccountId | null = null
    const unknown = setTimeout(() => websocket.close(4408, 'No credential has come'), timings.initTimeoutMs)
    const connection: Connection = {
      websocket,
      upgrade,
      pauses,
      streams: new Map(),
      account: () => known,
      acknowledge(account) {
        if (known !== null) return
        known = account
        clearTimeout(unknown)
        endLimit()
        readForAccount({ ...deps, websocket, tcp, account, pauses })
      },
    }
    let last: Promise<void> = Promise.resolve()
    websocket.on('error', () => {})
    websocket.on('message', (data) => {
      const lift = pauses.add()
      last = last.then(() => handle(connection, String(data))).finally(lift)
    })
    websocket.once('close', () => {
      clearTimeout(unknown)
      for (const { stop } of connection.streams.values()) stop()
    })
    keepAlive(websocket, tcp, { intervalMs: timings.pingIntervalMs, isPaused: pauses.isPaused })
  }
  return {
    owns: (asked) => asked === path,
    accept: (upgrade, socket, head) => sockets.handleUpgrade(upgrade, socket, head, open),
    async close(graceMs) {
      for (const socket of sockets.clients) socket.close(1001, 'Going away')
      const closed = new Promise<void>((resolve) => sockets.close(() => resolve()))
      await within(closed, graceMs)
      for (const socket of sockets.clients) socket.terminate()
    },
  }
}

/** In any case: browsers cannot set headers on a WebSocket. */
function credentialOf({ headers }: Asking): string | undefined {
  return Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
}

/** Resolves when the socket has taken it, or is closed. */
function send(websocket: WebSocket, frame: object): Promise<void> {
  return new Promise((resolve) => websocket.send(stringifyJson(frame), () => resolve()))
}
