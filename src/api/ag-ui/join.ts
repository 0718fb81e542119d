import { callsLeft } from '../../dispatch/line/calls-left.ts'
import type { Run } from '../../dispatch/run.ts'
import { heldBy, idsOf, type OpenedRun, type RunRequest, threadOf } from './request.ts'
import { runStarted } from './stream/event.ts'
import { agUiMessages } from './stream/message.ts'
import { finishedMessages, rejoinRun } from './stream/open-run.ts'
import { runIdle } from './stream/run-end.ts'
import { snapshotEvents } from './stream/snapshot.ts'
import { wholeReader } from './stream/told-reader.ts'

/** Streams a dispatch that has begun before, to a client that may have a part of it. */
export async function join(request: RunRequest, run: Run): Promise<OpenedRun> {
  const { facade, principal } = request
  const ids = idsOf(request)
  const reader = await rejoinRun({ facade, principal, ids, run }, heldBy(request))
  return { reader, channel: run.key.channel }
}

/** Tells a client what the conversation has said, in which nothing is at work. */
export async function showThread(request: RunRequest): Promise<OpenedRun> {
  const { services } = request.facade
  const ids = idsOf(request)
  const of = threadOf(request)
  const messages = (await finishedMessages(services, of)) ?? []
  const left = await callsLeft(services, of)
  const snapshots = snapshotEvents(agUiMessages(messages), heldBy(request))
  return { reader: wholeReader([runStarted(ids), ...snapshots, runIdle(ids, [...left.keys()])]), channel: null }
}
