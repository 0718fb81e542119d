import { createClient } from 'graphql-sse'
import { beforeAll, describe, expect, test } from 'vitest'
import { type EnginePlace, engines } from '../../conformance/engines.ts'
import { atLength } from '../../support/at-length.ts'
import { ids } from '../../support/run/runs.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import {
  canonical,
  collect,
  dispatch,
  graphql,
  type SeenEvent,
  textsByDeltas,
  transports,
} from '../../support/watching/watchers.ts'

const words = Array.from({ length: 12 }, (_, n) => `word${n} `)

/** A service with an engine of its own, whose model says each word when it is let. */
async function wordByWord(start: () => Promise<EnginePlace>) {
  const place = await start()
  const gates = words.map(() => Promise.withResolvers<void>())
  const model = createScriptedModel([{ lines: words.flatMap((word, n) => [gates[n]?.promise ?? '', word]) }])
  const service = await startService({
    model: 'scripted',
    providers: [scriptedProvider(model)],
    env: { ...place.env, LEASE_MS: '60000' },
  })
  return { service, letSay: (word: number) => gates[word]?.resolve() }
}

describe.each(engines)('on %s', (_name, _open, start) => {
  let place: EnginePlace
  let service: Service
  beforeAll(async () => {
    place = await start()
    service = await startService({ env: place.env })
  })

  describe.each(transports)('a watcher over %s', (_transport, watch) => {
    test('sees the same events whether it subscribes before, during or after the run, and completes by itself', async () => {
      const channelId = ids.channelId()
      const before = watch(service, { channelId })
      const during = watch(service, { channelId })
      const late: Promise<SeenEvent[]>[] = []
      const early: SeenEvent[] = []
      const reading = (async () => {
        for await (const event of before) {
          early.push(event)
          if (early.length === 5) late.push(collect(during))
        }
      })()
      await dispatch(service, { channelId, model: 'demo/delayMs=1/words=60' })
      await reading
      const after = await collect(watch(service, { channelId }))
      expect(canonical(early)).toBe(canonical(after))
      expect(canonical(await (late[0] ?? []))).toBe(canonical(after))
      expect(after.at(-1)?.__typename).toBe('DispatchCompleted')

      const completed = after.find(({ message }) => message?.type === 'BOT')?.message
      expect(completed?.text).not.toBe('')
      for (const seen of [early, await (late[0] ?? []), after]) {
        expect(textsByDeltas(seen)).toEqual(new Map([[completed?.id, completed?.text]]))
      }
      expect(after.at(-1)?.result?.text).toBe(completed?.text)
    })

    test('resumes after every cursor of an ended run without repeating or skipping', async () => {
      const channelId = ids.channelId()
      const watching = collect(watch(service, { channelId }))
      await dispatch(service, { channelId, model: 'demo/delayMs=5/words=40' })
      const live = await watching
      // A starved machine joins what was said meanwhile.
      expect(live.length).toBeGreaterThan(8)
      for (const [index, { cursor }] of live.entries()) {
        const rest = await collect(watch(service, { channelId, after: cursor }))
        expect(canonical([...live.slice(0, index + 1), ...rest])).toBe(canonical(live))
      }
    })

    test('resumes after random cuts of running runs without repeating or skipping', async () => {
      // With both transports and engines, four times as many.
      let resumed = 0
      const follow = async (seed: number) => {
        const channelId = ids.channelId()
        await dispatch(service, { channelId, model: 'demo/delayMs=2/words=70' })
        const seen: SeenEvent[] = []
        for (let random = seed; seen.at(-1)?.__typename !== 'DispatchCompleted'; resumed++) {
          random = (random * 48_271) % 2_147_483_647
          let left = 1 + (random % 5)
          const watching = watch(service, { channelId, after: seen.at(-1)?.cursor ?? null })
          for await (const event of watching) {
            seen.push(event)
            left -= 1
            // What arrives after the cut is what a dropped connection loses.
            if (left === 0) {
              watching.cut()
              break
            }
          }
        }
        expect(canonical(seen)).toBe(canonical(await collect(watch(service, { channelId }))))
      }
      for (let seed = 1; resumed < atLength(40, 260); seed += 10) {
        await Promise.all(Array.from({ length: 10 }, (_, n) => follow(seed + n)))
      }
    })

    test('starts with the newest entries, or with live events only, on request', async () => {
      const channelId = await dispatch(service, { model: 'demo/words=10' })
      const all = await collect(watch(service, { channelId }))
      const newest = await collect(watch(service, { channelId, last: 2 }))
      expect(newest).toEqual(all.slice(-2))
      expect(await collect(watch(service, { channelId, last: 0 }))).toEqual([])
    })
  })

  test('a snapshot and the events after its cursor make up the whole run', async () => {
    const { letSay, service: gated } = await wordByWord(start)
    const channelId = await dispatch(gated)
    const [, watch] = transports[0]
    const query = 'query ($id: ID!) { dispatch(channelId: $id) { status cursor messages { text type } } }'
    interface Data {
      dispatch: { status: string; cursor: string; messages: { text: string; type: string }[] }
    }
    const check = async () => {
      const { cursor, messages } = (await graphql<Data>(gated, query, { id: channelId })).data.dispatch
      const before = messages.find(({ type }) => type === 'BOT')?.text ?? ''
      const end = async () => {
        const rest = await collect(watch(gated, { channelId, after: cursor }))
        // The reducer, begun with the snapshot instead of an empty page.
        let text = before
        for (const event of rest) {
          if (event.text !== undefined) text = text.slice(0, event.position) + event.text
        }
        expect(text).toBe(words.join(''))
        const ending = rest.at(-1) ?? (await collect(watch(gated, { channelId }))).at(-1)
        expect(ending?.result?.text).toBe(text)
      }
      return { before, ended: end() }
    }
    const ends: Promise<void>[] = []
    let said = ''
    let letSaid = 0
    for await (const { __typename, text } of watch(gated, { channelId })) {
      said += text ?? ''
      // Before the first word, and behind each of them.
      if (__typename !== 'DispatchStarted' && text === undefined) continue
      const still = await check()
      expect(still.before).toBe(said)
      // While the next word is being written.
      const during = check()
      letSay(letSaid++)
      ends.push(still.ended, (await during).ended)
    }
    expect(ends).toHaveLength(2 * (words.length + 1))
    await Promise.all(ends)
  })

  test('updates show the growing answer and end with the result', async () => {
    const { letSay, service: gated } = await wordByWord(start)
    const channelId = ids.channelId()
    const client = createClient({ url: `${gated.url}/graphql`, retryAttempts: 0 })
    const query =
      'subscription ($id: ID!) { dispatchUpdates(channelId: $id, intervalMs: 10) { status cursor messages { text isComplete } result { text finishReason } } }'
    interface Update {
      status: string
      messages: { text: string; isComplete: boolean }[]
      result: { text: string; finishReason: string } | null
    }
    const updates = client.iterate<{ dispatchUpdates: Update }>({ query, variables: { id: channelId } })
    await dispatch(gated, { channelId })
    const texts: string[] = []
    let last: Update | undefined
    for await (const { data } of updates) {
      last = data?.dispatchUpdates
      const text = last?.messages[1]?.text ?? ''
      if (text === texts.at(-1)) continue
      texts.push(text)
      // Each word is said when all before it have been shown.
      letSay(texts.length - 1)
    }
    expect(texts).toEqual(Array.from({ length: words.length + 1 }, (_, n) => words.slice(0, n).join('')))
    const text = words.join('')
    expect(last).toMatchObject({ status: 'COMPLETED', result: { text, finishReason: 'STOP' } })
    expect(last?.messages[1]).toEqual({ text, isComplete: true })
  })

  test('history pages through the log for clients that poll, and continues after its end', async () => {
    const channelId = await dispatch(service, { model: 'demo/delayMs=1/words=30' })
    const seen: SeenEvent[] = []
    const query =
      'query ($id: ID!, $after: Cursor) { channelHistory(channelId: $id, after: $after, first: 7) { endCursor hasMore events { __typename cursor ... on TextDelta { messageId position text } } } }'
    for (let after: string | null = null; seen.at(-1)?.__typename !== 'DispatchCompleted'; ) {
      const { data }: { data: { channelHistory: { events: SeenEvent[]; endCursor: string | null } } } = await graphql(
        service,
        query,
        { id: channelId, after },
      )
      seen.push(...data.channelHistory.events)
      after = data.channelHistory.endCursor
    }
    const [, watch] = transports[0]
    expect(canonical(seen)).toBe(canonical(await collect(watch(service, { channelId }))))
  })

  test('lists dispatches in pages, newest first, filtered by status', async () => {
    const made: string[] = []
    for (let n = 0; n < 5; n++) made.unshift(await dispatch(service, { model: 'demo/words=1' }))
    const query =
      'query ($after: String, $statuses: [DispatchStatus!]) { dispatches(first: 2, after: $after, statuses: $statuses) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }'
    interface Listed {
      dispatches: {
        edges: { cursor: string; node: { id: string } }[]
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string }
      }
    }
    const first = (await graphql<Listed>(service, query)).data.dispatches
    const second = (await graphql<Listed>(service, query, { after: first.pageInfo.endCursor })).data.dispatches
    expect([...first.edges, ...second.edges].map(({ node }) => node.id)).toEqual(made.slice(0, 4))
    expect(first.pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0]?.cursor,
    })
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    const failed = (await graphql<Listed>(service, query, { statuses: ['FAILED', 'CANCELLED'] })).data.dispatches
    expect(failed).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: null } })
  })

  test('a dispatch continues another: its transcript comes first', async () => {
    const [, watch] = transports[0]
    const earlier = await dispatch(service, { model: 'demo/words=3' })
    await collect(watch(service, { channelId: earlier }))
    const channelId = await dispatch(service, {
      continues: earlier,
      messages: [{ type: 'USER', text: 'And then?' }],
      model: 'demo/words=3',
    })
    await collect(watch(service, { channelId }))
    const { data } = await graphql<{ dispatch: { messages: { type: string; text: string }[] } }>(
      service,
      'query ($id: ID!) { dispatch(channelId: $id) { messages { type text } } }',
      { id: channelId },
    )
    expect(data.dispatch.messages.map(({ type }) => type)).toEqual(['USER', 'BOT', 'USER', 'BOT'])
    expect(data.dispatch.messages[2]?.text).toBe('And then?')
  })
})

describe.each(engines)('whatever the model says, on %s', (_name, _open, start) => {
  test.each(transports)(
    'non-ASCII text, emoji and pairs split over chunks arrive intact over %s',
    async (_name, watch) => {
      const place = await start()
      const whole = 'Zoë sagt: „日本語“ 👩‍👩‍👧‍👦 🙂\u2028 \u0000 "quoted" \\ </script> ✓'
      // One UTF-16 code unit a chunk: every pair is split.
      const model = createScriptedModel([{ lines: [{ reasoning: '🤔' }, ...whole.split('')] }])
      const service = await startService({
        model: 'scripted',
        providers: [scriptedProvider(model)],
        env: place.env,
      })
      const channelId = await dispatch(service, { messages: [{ type: 'USER', text: `🙂 ${whole}` }] })
      const events = await collect(watch(service, { channelId }))
      const messages = events.flatMap(({ message }) => (message === undefined ? [] : [message]))
      expect(messages).toMatchObject([
        { type: 'REASONING', text: '🤔' },
        { type: 'BOT', text: whole },
      ])
      expect([...textsByDeltas(events).values()]).toEqual(['🤔', whole])
      for (const { text } of events) if (text !== undefined) expect(text.isWellFormed()).toBe(true)
      const said = model.calls[0]?.prompt.at(-1)
      expect(said).toEqual({ role: 'user', text: `🙂 ${whole}` })
    },
  )
})
