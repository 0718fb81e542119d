import type { DayUsage } from '../../../dispatch/limits/used-today.ts'
import type { RecentUse, Standing } from '../../../dispatch/standing.ts'
import { builder } from '../builder.ts'

const tokens = 'Input and output tokens together, as the providers count them.'
const cost = 'Money, in the unit of MODEL_PRICES, for the models whose price is known.'

const FailureCount = builder.objectRef<readonly [code: string, count: number]>('FailureCount').implement({
  description: 'How many dispatches have failed for one reason.',
  fields: (t) => ({
    code: t.string({ description: 'The code of their error, as in `Dispatch.error`.', resolve: ([code]) => code }),
    count: t.int({ description: 'How many.', resolve: ([, count]) => count }),
  }),
})

const UseOfHour = builder.objectRef<RecentUse>('UseOfHour').implement({
  description: 'What an account has used in the last hour: in the current minute, and the 59 before it.',
  fields: (t) => ({
    tokens: t.exposeFloat('tokens', { description: tokens }),
    cost: t.exposeFloat('cost', { description: cost }),
    failures: t.field({
      type: [FailureCount],
      description: 'The dispatches that have failed, by code, the most frequent first.',
      resolve: ({ failures }) => [...failures].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)),
    }),
  }),
})

const UseOfDay = builder.objectRef<DayUsage>('UseOfDay').implement({
  description: 'What an account has used since midnight, UTC.',
  fields: (t) => ({
    tokens: t.exposeFloat('tokens', { description: tokens }),
    cost: t.exposeFloat('cost', { description: cost }),
  }),
})

interface AccountOverview extends Standing {
  readonly today: DayUsage
}

const Overview = builder.objectRef<AccountOverview>('Overview').implement({
  description:
    'What an account has going on, in all processes. Each number is counted up to 10,000, which means that many or more.',
  fields: (t) => ({
    queued: t.exposeInt('queued', {
      description:
        'Dispatches that are QUEUED, those included whose `notBefore`, or whose turn in their conversation, is still to come.',
    }),
    running: t.exposeInt('running', { description: 'Dispatches that are RUNNING.' }),
    waiting: t.exposeInt('waiting', { description: 'Dispatches that are WAITING for answers to function calls.' }),
    paused: t.exposeInt('paused', { description: 'Dispatches that are WAITING because a limit has paused them.' }),
    oldestQueuedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Since when a queued dispatch could have begun, and has not: the earliest such time. Null where none could begin.',
      resolve: ({ oldestQueuedAt }) => (oldestQueuedAt === null ? null : new Date(oldestQueuedAt)),
    }),
    lastHour: t.field({
      type: UseOfHour,
      description: 'What was used in the last hour, and what has failed.',
      resolve: ({ lastHour }) => lastHour,
    }),
    today: t.field({ type: UseOfDay, description: 'What was used today.', resolve: ({ today }) => today }),
  }),
})

builder.queryField('overview', (t) =>
  t.field({
    type: Overview,
    description:
      "What the caller's account has going on, what it uses, and what fails. Reading it costs the same whatever the account holds.",
    complexity: 20,
    resolve: async (_root, _args, { services, principal }) => {
      const { account } = principal
      const [standing, today] = await Promise.all([services.standings.of(account), services.usedToday.of(account)])
      return { ...standing, today }
    },
  }),
)
