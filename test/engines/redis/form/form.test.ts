import { beforeAll, describe, expect, test } from 'vitest'
import { ownForm } from '../../../../src/engines/redis/needs/form.ts'
import { submit, untilParked } from '../../../support/function/function-runs.ts'
import { startRedis } from '../../../support/redis/redis-server.ts'
import { openAdmin } from '../../../support/redis/redis-users.ts'
import { type Service, startService } from '../../../support/service/start-service.ts'
import { dispatch, graphql, textsByDeltas } from '../../../support/watching/watchers.ts'
import { loadData } from './stored-data.ts'
import { fixtureEnv, readFixture, seenOf } from './what-is-stored.ts'

// What an earlier release has left in Redis, its runs in mid-work, is gone on with. A form is added here when `ownForm.written` goes up.
const forms = [1]

test('each form that this release can meet has a fixture, but for its own', () => {
  expect(Math.max(...forms)).toBeGreaterThanOrEqual(ownForm.written - 1)
})

describe.each(forms)('data of form %i', (form) => {
  const fixture = readFixture(form)
  let service: Service
  beforeAll(async () => {
    const { url } = await startRedis()
    await loadData(await openAdmin(url), fixture.data)
    service = await startService({ env: { ...fixtureEnv, REDIS_URL: url } })
  })

  test('an ended dispatch is the same, from its beginning and from every cursor', async () => {
    const { ended, seen } = fixture
    expect(await seenOf(service, ended)).toEqual(seen)
    for (const [index, { cursor }] of seen.entries()) {
      const rest = await seenOf(service, ended, cursor)
      const facts = (events: typeof seen) => events.filter(({ text }) => text === undefined)
      expect(facts(rest), cursor).toEqual(facts(seen.slice(index + 1)))
    }
  })

  test('one that was running is taken over, and its watcher goes on behind its cursor', async () => {
    const { running, partial } = fixture
    const rest = await seenOf(service, running, partial.at(-1)?.cursor)
    const kinds = rest.map(({ __typename }) => __typename)
    expect(kinds.filter((kind) => kind === 'MessageDiscarded')).toHaveLength(1)
    expect(kinds.at(-1)).toBe('DispatchCompleted')
    const whole = await seenOf(service, running)
    const answer = whole.find(({ __typename, message }) => __typename === 'MessageCompleted' && message?.type === 'BOT')
    expect(answer?.message?.text.split(/\s+/)).toHaveLength(200)
    expect(textsByDeltas(whole).get(answer?.message?.id ?? '')).toBe(answer?.message?.text)
  })

  test('one that was waiting takes its answer and ends', async () => {
    const { ask } = await untilParked(service, fixture.waiting)
    await submit(service, { channelId: fixture.waiting, callId: ask?.id }, { data: 7 })
    expect((await seenOf(service, fixture.waiting)).at(-1)?.__typename).toBe('DispatchCompleted')
  })

  test('one that is to begin later can be cancelled; one that ended can be continued', async () => {
    const { later, ended, continued } = fixture
    const cancel = `mutation { cancelDispatch(channelId: "${later}") { dispatch { status } } }`
    expect((await graphql(service, cancel)).data).toEqual({ cancelDispatch: { dispatch: { status: 'CANCELLED' } } })
    for (const continues of [ended, continued]) {
      const next = await dispatch(service, { continues })
      expect((await seenOf(service, next)).at(-1)?.__typename).toBe('DispatchCompleted')
    }
  })

  test('resources are there, and every dispatch is in the list', async () => {
    const ask = async (query: string) => (await graphql(service, query)).data
    const first = 'first: 10) { edges { node {'
    expect(await ask(`{ bots(${first} name } } } secrets(${first} name } } } }`)).toEqual({
      bots: { edges: [{ node: { name: 'Guide' } }] },
      secrets: { edges: [{ node: { name: 'weather' } }] },
    })
    expect(
      await ask('{ datasets(first: 1) { edges { node { name records(first: 1) { edges { node { text } } } } } } }'),
    ).toEqual({
      datasets: {
        edges: [{ node: { name: 'Facts', records: { edges: [{ node: { text: 'Zebras have stripes.' } }] } } }],
      },
    })
    const data = await ask(`{ dispatches(${first} channelId } } } }`)
    const listed = JSON.stringify(data)
    const { ended, continued, waiting, later, running } = fixture
    for (const channelId of [ended, continued, waiting, later, running]) expect(listed).toContain(channelId)
  })
})
