import { createRandom } from '../faults/random.ts'
import { type Act, many } from './clients.ts'
import type { Loss, Misfortune } from './misfortunes.ts'
import { type LostReplies, lostReplies } from './steps.ts'

/**
 * What a simulation is about. Most are about everything; some rules are broken only where several rare things meet, and these
 * have a theme that makes them meet often.
 */
export interface Theme {
  readonly name: string
  /** The functions that models call; named twice, twice as often. */
  readonly callable: readonly string[]
  /** In how many turns at the most. */
  readonly turns: number
  /** Whether dispatches belong to a conversation. */
  readonly isTalk: boolean
  /** What clients do besides dispatching. Null: everything. */
  readonly acts: readonly Act[] | null
  /** How many different messages there are. Null: one or two. */
  readonly values: number | null
  /** What goes wrong. Null: everything. */
  readonly misfortunes: readonly Misfortune[] | null
  /** What is lost when the store goes back. Null: anything. */
  readonly loss: Loss | null
  readonly lostMessages: LostReplies
  /** How likely a run has little that it may use. */
  readonly budgets: number
}

const everything: Theme = {
  name: 'everything',
  callable: ['known', 'ask', 'ask', 'listen', 'listen', 'work', 'nobody'],
  turns: 3,
  isTalk: false,
  acts: null,
  values: null,
  misfortunes: null,
  loss: null,
  lostMessages: lostReplies,
  budgets: 0,
}

/** Calls wait twice, since the reply to the first time was lost, and messages for other calls look like those that they had. */
const equalMessages: Theme = {
  ...everything,
  name: 'equal messages',
  callable: ['listen', 'listen', 'listen', 'known'],
  acts: ['dispatch', 'publish', 'publish', 'publish'],
  values: 1,
  misfortunes: ['workers stopped', 'locks lost', 'workers killed', 'apis killed at work'],
  lostMessages: { chance: 0.3, againWithinMs: 3000 },
}

/** A run parks while the store forgets that its call waits for a message. */
const forgottenWaits: Theme = {
  ...everything,
  name: 'forgotten waits',
  callable: ['listen'],
  acts: ['dispatch', 'dispatch', 'publish'],
  misfortunes: ['goes back'],
  loss: { from: /^worker\d+ runs\.pending/, isAnswered: false, until: /^worker\d+ results\.wait/ },
}

/** Messages come at every moment of a run, and again. */
const steering: Theme = {
  ...everything,
  name: 'steering',
  callable: ['known', 'ask', 'work', 'work'],
  acts: ['dispatch', 'add', 'add', 'add', 'submit'],
}

/** Runs pause at their limits, and are raised too little, enough, at the wrong moment, or not at all. */
const pauses: Theme = {
  ...everything,
  name: 'pauses',
  callable: ['known', 'ask', 'work'],
  acts: ['dispatch', 'raise', 'raise', 'raise', 'submit', 'add'],
  budgets: 0.9,
}

/** Dispatches of one conversation, which wait for one another, make room and are removed. */
const talk: Theme = {
  ...everything,
  name: 'a conversation',
  callable: ['known', 'ask', 'work'],
  turns: 1,
  isTalk: true,
  acts: [
    ...many(9, 'dispatch'),
    ...many(5, 'submit'),
    ...many(2, 'add'),
    ...many(2, 'cancel'),
    'raise',
    'remove',
    'remove the conversation',
  ],
  budgets: 0.15,
}

/**
 * Drawn from numbers of its own, so that a seed about everything plays what it would without themes.
 * @param canGoBack whether the store can lose its last writes
 */
export function drawTheme(seed: number, canGoBack: boolean): Theme {
  const dice = createRandom(seed * 31 + 7).int(20)
  if (dice === 16) return pauses
  if (dice > 10 && dice < 16) return talk
  if (dice < 3) return equalMessages
  if (dice < 5 && canGoBack) return forgottenWaits
  return dice > 16 ? steering : everything
}
