import { setTimeout as sleep } from 'node:timers/promises'
import { ids } from '../../support/run/runs.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'
import { type Answering, answerCalls } from '../answering.ts'
import { cancelInsistently, codeOf, type History, insist, type Surroundings, watchToTheEnd } from '../clients.ts'
import { createOver, stayDispatched } from '../converse.ts'
import type { JudgedLimits } from '../judge-budget.ts'
import type { LinedDispatch } from '../judge-line.ts'
import { createNudges } from './nudges.ts'

/** What is sent into a conversation. */
export interface Words {
  readonly channelId: string
  readonly whenBusy: LinedDispatch['whenBusy']
  readonly upTo: string | null
  readonly limits: JudgedLimits
  /** Of its message; null: it has none. */
  readonly messageId: string | null
  readonly input: object
  /** How likely its client cancels it. */
  readonly isCancelled: boolean
}

/** A dispatch of a conversation and all that happened around it. */
export interface Utterance extends Words {
  readonly conversationId: string
  readonly sentAt: number
  /** Null: its client was told that it never will be. */
  readonly acceptedAt: number | null
  /** It was handed to another dispatch, whose channel this is; null: it is one itself. */
  readonly handedTo: string | null
  readonly histories: readonly History[]
  readonly answering: Answering
  /** Ids of messages that were acknowledged as added to this run. */
  readonly added: readonly string[]
  /** Raises that were acknowledged, each by its limit on calls. */
  readonly raised: readonly number[]
  /** Dispatches the same again, and sees it to its end: it may have been lost with the store's last writes. */
  again(): Promise<Utterance>
}

const nothing: Answering = { acknowledged: [], messages: 0, parks: 0 }

/** Sends it until there is an answer; if it is accepted, watches it to its end, answers its calls, adds to it, and raises its limits. */
export async function say(surroundings: Surroundings, conversationId: string, words: Words): Promise<Utterance> {
  const { fleet, random } = surroundings
  const { channelId, input } = words
  const sentAt = Date.now()
  const known = fleet.losses.length
  const base = {
    ...words,
    conversationId,
    sentAt,
    added: [],
    raised: [],
    again: () => sayAgain(surroundings, conversationId, words),
  }
  const answers = await sendInsistently(surroundings, input)
  if (answers.length === 0) return { ...base, acceptedAt: null, handedTo: null, histories: [], answering: nothing }
  const acceptedAt = Date.now()
  const handedTo = answers.find((answer) => answer !== channelId) ?? null
  if (handedTo !== null) return { ...base, acceptedAt, handedTo, histories: [], answering: nothing }

  const over = createOver()
  const answering = answerCalls({ ...surroundings, channelId, topic: ids.channelId(), over })
  const nudges = createNudges(surroundings, { channelId, over })
  const watching = watchToTheEnd(surroundings, { channelId, onEvent: answering.hear }).finally(over.declare)
  watching.catch(() => {}) // It is awaited below.
  const cancelling = words.isCancelled
    ? over.sleep(random.int(1500)).then(() => cancelInsistently(surroundings, channelId))
    : null
  const staying = stayDispatched(surroundings, { input, over, known })
  const [history, answered, nudged] = await Promise.all([watching, answering.done, nudges, staying, cancelling])
  return { ...base, ...nudged, acceptedAt, handedTo, histories: [history], answering: answered }
}

/** What is lost may be sent again while others are in line. */
async function sayAgain(surroundings: Surroundings, conversationId: string, words: Words): Promise<Utterance> {
  for (const deadline = Date.now() + surroundings.patienceMs; ; await sleep(100)) {
    const utterance = await say(surroundings, conversationId, words)
    if (utterance.acceptedAt !== null || Date.now() > deadline) return utterance
  }
}

/** Now and then twice at once. The channels that the answers name; none: it was refused. */
async function sendInsistently(surroundings: Surroundings, input: object): Promise<readonly string[]> {
  const { fleet, random } = surroundings
  const send = async (): Promise<string | null> => {
    try {
      return await insist(surroundings, () => dispatch(random.pick(fleet.apis), input))
    } catch (error) {
      // It rejects to wait, or goes on from a message that is not there, or steers and brings more than messages.
      if (codeOf(error) === 'CONFLICT' || codeOf(error) === 'BAD_USER_INPUT') return null
      throw error
    }
  }
  const answers = await Promise.all(random.chance(0.2) ? [send(), send()] : [send()])
  return answers.filter((answer) => answer !== null)
}

/** How the conversation stands, as clients are told: the ids of its messages, oldest first. */
export async function messageIdsOf({ fleet, random }: Surroundings, id: string): Promise<readonly string[]> {
  const query = 'query ($id: ID!) { conversation(id: $id) { messages { id } } }'
  const { data } = await graphql<{ conversation: { messages: { id: string }[] } | null }>(
    random.pick(fleet.apis),
    query,
    {
      id,
    },
  ).catch(() => ({ data: null }))
  return data?.conversation?.messages.map((message) => message.id) ?? []
}
