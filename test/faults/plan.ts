import type { Misfortune } from './misfortunes.ts'
import type { NetworkFaults } from './network.ts'

/** What may go wrong, and how often. */
export interface FaultPlan {
  readonly network: NetworkFaults
  /** One of these, at random, each time that a pause of up to `pauseMs` is over; named twice, twice as often. */
  readonly processes: { readonly misfortunes: readonly Misfortune[]; readonly pauseMs: number }
  readonly store: { readonly misfortunes: readonly Misfortune[]; readonly pauseMs: number }
  /** Nothing goes wrong that a run would have to wait for: it is then held against that, too. */
  readonly isCalm: boolean
  /** Runs are a few words long and call nothing: many beginnings and ends. */
  readonly isBrief: boolean
  readonly leaseMs: number
  /** One process with the embedded engine on a folder, instead of a fleet and Redis. */
  readonly isEmbedded?: boolean
  /** Dispatches belong to conversations, are steered, pause at limits, and webhooks are told of them. */
  readonly isTalk?: boolean
}

const nothing = { misfortunes: [], pauseMs: 0 } as const
const processes = {
  misfortunes: [
    'kill worker',
    'kill worker',
    'stop worker',
    'stop worker',
    'retire worker',
    'kill api',
    'retire api',
    'stop api',
  ],
  pauseMs: 400,
} as const

export const faultPlans = {
  /** Everything but the loss of what Redis had acknowledged. */
  everything: {
    network: { delayMs: 2, lostReplies: 0.002, lostPublications: 0.01 },
    processes,
    store: { misfortunes: ['cut connections', 'drop subscribers', 'restart redis'], pauseMs: 4000 },
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
  },
  /** Redis also comes back without its last writes. */
  lossy: {
    network: { delayMs: 2, lostReplies: 0.002, lostPublications: 0.01 },
    processes,
    store: { misfortunes: ['cut connections', 'drop subscribers', 'lose last writes'], pauseMs: 4000 },
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
  },
  /** A slow network, in which every order of two messages on two connections comes about, and nothing worse. */
  calm: {
    network: { delayMs: 15, lostReplies: 0, lostPublications: 0 },
    processes: nothing,
    store: nothing,
    isCalm: true,
    isBrief: false,
    leaseMs: 1000,
  },
  /** As calm, for what goes wrong at the beginning and the end. */
  brief: {
    network: { delayMs: 40, lostReplies: 0, lostPublications: 0 },
    processes: nothing,
    store: nothing,
    isCalm: true,
    isBrief: true,
    leaseMs: 1000,
  },
  /** Replies of Redis are lost all the time. */
  forgetful: {
    network: { delayMs: 2, lostReplies: 0.03, lostPublications: 0 },
    processes: nothing,
    store: nothing,
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
  },
  /** Workers are stopped all the time, and wake up as ones that have been given up. */
  drowsy: {
    network: { delayMs: 2, lostReplies: 0, lostPublications: 0 },
    processes: { misfortunes: ['stop worker'], pauseMs: 300 },
    store: nothing,
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
  },
  /** Redis loses its last writes all the time, and workers stay. */
  amnesic: {
    network: { delayMs: 6, lostReplies: 0, lostPublications: 0 },
    processes: nothing,
    store: { misfortunes: ['lose last writes', 'lose last writes under a stopped worker'], pauseMs: 2500 },
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
  },
  /** The embedded engine's process is killed all the time. Half of its lives end before the first sweep. */
  embedded: {
    network: { delayMs: 0, lostReplies: 0, lostPublications: 0 },
    processes: {
      misfortunes: [
        ...Array<'kill everything'>(18).fill('kill everything'),
        'retire everything',
        'start a second process',
      ],
      pauseMs: 1800,
    },
    store: nothing,
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
    isEmbedded: true,
  },
  /** Conversations, and everything but the loss of what Redis had acknowledged. */
  talks: {
    network: { delayMs: 2, lostReplies: 0.002, lostPublications: 0.01 },
    processes,
    store: { misfortunes: ['cut connections', 'drop subscribers', 'restart redis'], pauseMs: 4000 },
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
    isTalk: true,
  },
  /** Conversations on a Redis that also comes back without its last writes. */
  'lossy talks': {
    network: { delayMs: 2, lostReplies: 0.002, lostPublications: 0.01 },
    processes,
    store: { misfortunes: ['cut connections', 'drop subscribers', 'lose last writes'], pauseMs: 5000 },
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
    isTalk: true,
  },
  /** Conversations on the embedded engine, whose process is killed all the time. */
  'embedded talks': {
    network: { delayMs: 0, lostReplies: 0, lostPublications: 0 },
    processes: {
      misfortunes: [...Array<'kill everything'>(12).fill('kill everything'), 'retire everything'],
      pauseMs: 2500,
    },
    store: nothing,
    isCalm: false,
    isBrief: false,
    leaseMs: 1000,
    isEmbedded: true,
    isTalk: true,
  },
} as const satisfies Record<string, FaultPlan>

export type FaultPlanName = keyof typeof faultPlans
