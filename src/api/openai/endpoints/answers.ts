import type { Principal } from '../../../access/principal.ts'
import type { Run } from '../../../dispatch/run.ts'
import type { Facade } from '../../facade/facade.ts'
import { frameResponse } from '../../facade/frame-response.ts'
import { readFrames } from '../../facade/read-frames.ts'
import type { CallerEnv } from '../../facade/request-body.ts'
import { eventFrames, eventTexts, responseFrame } from '../response/frames.ts'
import { foldOf } from './reading.ts'

export interface Answering {
  readonly run: Run
  readonly principal: Principal
  /** Node's own response. */
  readonly outgoing: CallerEnv['Bindings']['outgoing']
}

/** Streams the events of a response after a number; 0: all of them. */
export function streamedAnswer(
  facade: Facade,
  { run, principal, outgoing }: Answering,
  startingAfter: number,
): Promise<Response> {
  const fold = eventFrames(foldOf(run, principal), startingAfter)
  const reader = readFrames(facade, { keys: [run.key], principal, fold })
  return frameResponse(reader, {
    outgoing,
    write: (event) => eventTexts(event, startingAfter),
    beat: ': keep-alive\n\n',
    heartbeatMs: facade.heartbeatMs,
  })
}

/** Answers with the response once it has ended, or can only wait for its client. Until then the body grows by spaces, which JSON allows. */
export function awaitedAnswer(facade: Facade, { run, principal, outgoing }: Answering): Promise<Response> {
  const reader = readFrames(facade, { keys: [run.key], principal, fold: responseFrame(foldOf(run, principal)) })
  const { heartbeatMs } = facade
  const contentType = 'application/json'
  return frameResponse(reader, {
    outgoing,
    write: (frame) => JSON.stringify(frame),
    beat: ' ',
    heartbeatMs,
    contentType,
  })
}
