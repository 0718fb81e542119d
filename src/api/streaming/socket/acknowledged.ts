import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { AccountId } from '../../../kernel/ids.ts'
import type { ApiDeps } from '../../api.ts'
import type { Pauses } from './pauses.ts'

/** How much of a message is kept before there is room for the largest. Bytes. */
const keptFreely = 65_536
/** Frames of no length take longest: a piece of 64 KB holds some ten thousand. Bytes in a ms. */
const bytesPerMs = 16_384

export interface AcknowledgedOptions extends Pick<ApiDeps, 'bodyRoom' | 'loopTurns'> {
  readonly websocket: WebSocket
  readonly tcp: Socket
  readonly account: AccountId
  readonly pauses: Pauses
}

/**
 * What a client sends once it is acknowledged costs its account: its pieces, pings included, are read in turns, and a large
 * message takes room, like the body of a request, from its first part to its last. Until then the client is not read.
 */
export function readForAccount({ websocket, tcp, account, pauses, bodyRoom, loopTurns }: AcknowledgedOptions): void {
  let kept = 0
  let giveBack: (() => void) | null = null
  const takeRoom = () => {
    const lift = pauses.add()
    const room = bodyRoom.hold(tcp, account)
    void room.admitted.then(lift)
    giveBack = room.giveBack
  }
  // Before the listener of `ws`, so that the pause comes before the next piece.
  tcp.prependListener('data', (piece: Buffer) => {
    const turn = loopTurns.pass(account, piece.byteLength / bytesPerMs)
    if (turn !== undefined) void turn.then(pauses.add())
    kept += piece.byteLength
    if (kept > keptFreely && giveBack === null) takeRoom()
  })
  websocket.on('message', () => {
    kept = 0
    giveBack?.()
    giveBack = null
  })
}
