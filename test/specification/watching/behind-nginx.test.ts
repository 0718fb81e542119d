import { setTimeout as sleep } from 'node:timers/promises'
import { EventSource } from 'undici'
import { describe, expect, test } from 'vitest'
import { applyEvent, type ChannelEvent, emptyConversation } from '../../../examples/stock/reducer.ts'
import { watchExactly } from '../../../examples/stock/watch-exactly.ts'
import { clientNames, openClient, retrying, singleTry } from '../../examples/clients.ts'
import { codeBlocks } from '../../house/pages.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { type Nginx, replacedOnce, startNginx } from '../../support/proxy/nginx.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startEndlessProvider } from '../../support/run/endless-provider.ts'
import { createScriptedModel, scriptedProvider } from '../../support/run/scripted-model.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { type Service, startService } from '../../support/service/start-service.ts'
import { exactTexts } from '../../support/watching/exact-texts.ts'
import { completeOverRest, patientStreams, type Told } from '../../support/watching/patient-streams.ts'
import { dispatch, graphql } from '../../support/watching/watchers.ts'

interface Target {
  readonly url: string
}

/** The text of the page, in front of these two. */
function asInThePage(first: Target, second: Target): string {
  const [text = ''] = codeBlocks('docs/operations/behind-a-proxy.md', 'nginx')
  const withFirst = replacedOnce(text, '127.0.0.1:4001', new URL(first.url).host)
  return replacedOnce(withFirst, '127.0.0.1:4002', new URL(second.url).host)
}

/** `proxy_pass` and nothing else, which speaks HTTP/1.0 with us. */
const bare = ({ url }: Target) => `server { listen 80; location / { proxy_pass ${url}; } }`

const words = Array.from({ length: 12 }, (_, n) => `word${n} `)

/** A model that says a word only when every watcher has got the one before. */
function openSpeech(watchers: number) {
  const got = new Map<number, number>()
  const heard = words.map(() => Promise.withResolvers<void>())
  const lines = words.flatMap((word, n) => (n === 0 ? [word] : [heard[n - 1]?.promise ?? word, word]))
  const listener = () => {
    let count = 0
    return () => {
      const n = count
      count += 1
      got.set(n, (got.get(n) ?? 0) + 1)
      if (got.get(n) === watchers) heard[n]?.resolve()
    }
  }
  return { model: createScriptedModel([{ lines }]), listener, got }
}

async function openSpeaking(configuration: (service: Service) => string, watchers: number) {
  const speech = openSpeech(watchers)
  const service = await startService({ model: 'scripted', providers: [scriptedProvider(speech.model)] })
  const nginx: Nginx = await startNginx(configuration(service))
  return { ...speech, service, nginx }
}

describe.each([
  ['as in the page', (service: Service) => asInThePage(service, service), 'all'],
  ['with proxy_pass alone', bare, 'without WebSocket'],
] as const)('nginx %s', (_name, configuration, which) => {
  const streams = Object.entries(patientStreams).filter(
    // An update has the whole text, so its words cannot be counted.
    ([name]) => !name.startsWith('dispatchUpdates') && (which === 'all' || !name.endsWith('WebSocket')),
  )

  test('passes on each token before the next is said, over every stream', async () => {
    const { service, nginx, listener, got } = await openSpeaking(configuration, streams.length + 1)
    const channelId = await dispatch(service)
    const told = Promise.all([
      ...streams.map(([, watch]) => watch(nginx, channelId, listener())),
      completeOverRest(nginx, {}, listener()),
    ])
    const abort = new AbortController()
    const late = sleep(20_000, undefined, { signal: abort.signal }).then(() => {
      throw new Error(`The watchers stand still; got by word: ${JSON.stringify([...got])}`)
    })
    const all: Told[] = await Promise.race([told, late]).finally(() => abort.abort())
    late.catch(() => {})
    for (const { text, result } of all) expect([text, result]).toEqual([words.join(''), words.join('')])
  })
})

/** What a watcher has of the answer, and how often it has begun to watch. */
interface Seen {
  text: string
  connections: number
}

/** Watches to the end; `onSeen` is called with whatever comes. */
type Watcher = (nginx: Nginx, channelId: string, onSeen: (seen: Seen) => void) => Promise<Seen>

/** By its own retry, which sends the first `after` again: events come again, and change nothing. */
const byItself =
  (name: (typeof clientNames)[number]): Watcher =>
  async (nginx, channelId, onSeen) => {
    const seen: Seen = { text: '', connections: 0 }
    let conversation = emptyConversation
    const onEvent = (event: ChannelEvent) => {
      if (event.__typename === 'DispatchQueued') seen.connections += 1
      conversation = applyEvent(conversation, event)
      seen.text = conversation.messages.findLast(({ type }) => type === 'BOT')?.text ?? ''
      onSeen(seen)
    }
    await opened(openClient[name](nginx, retrying)).subscribe({ channelId, onEvent })
    return seen
  }

/** By advancing `after`: every event exactly once. */
const exactly =
  (name: (typeof clientNames)[number]): Watcher =>
  async (nginx, channelId, onSeen) => {
    const seen: Seen = { text: '', connections: 0 }
    const events: ChannelEvent[] = []
    const client = opened(openClient[name](nginx, singleTry))
    const onEvent = (event: ChannelEvent) => {
      events.push(event)
      onSeen(seen)
    }
    await watchExactly({ channelId, onEvent }, (once) => {
      seen.connections += 1
      return client.subscribe(once)
    })
    expect(events.filter(({ __typename }) => __typename === 'DispatchQueued')).toHaveLength(1)
    seen.text = [...exactTexts(events).values()].join('')
    return seen
  }

/** Over REST, with `Last-Event-ID`: every token exactly once. */
const byEventSource: Watcher = async (nginx, channelId, onSeen) => {
  const seen: Seen = { text: '', connections: 0 }
  const url = `${nginx.url}/v1/channel/${channelId}/subscribe`
  const source = opened(new EventSource(url, { node: { reconnectionTime: 50 } }))
  const ended = Promise.withResolvers<void>()
  source.onopen = () => {
    seen.connections += 1
  }
  source.onerror = () => {
    if (source.readyState === source.CLOSED) ended.reject(new Error('The EventSource has given up.'))
  }
  source.onmessage = ({ data }) => {
    const { type, data: inner } = JSON.parse(data)
    if (type === 'token') seen.text += inner.token
    onSeen(seen)
    if (type === 'result') ended.resolve()
  }
  await ended.promise
  source.close()
  return seen
}

const watchers: Readonly<Record<string, Watcher>> = {
  ...Object.fromEntries(clientNames.map((name) => [name, byItself(name)])),
  'graphql-ws, exactly': exactly('graphql-ws'),
  'graphql-sse, exactly': exactly('sse'),
  'EventSource over REST': byEventSource,
}

test('of two API processes behind nginx one is killed in mid-answer: stock clients resume at the other and have the whole text once', async () => {
  // However long the watchers take to come, the answer is not over.
  const provider = await startEndlessProvider()
  const env = { REDIS_URL: (await startRedis()).url, ...provider.env }
  await startService({ role: 'worker', env })
  const [killed, left] = await Promise.all([startProcess('api', env), startProcess('api', env)])
  const nginx = await startNginx(asInThePage(killed, left))
  const channelId = await dispatch(left)
  const watching: { readonly name: string; readonly end: Promise<Seen> }[] = []
  // nginx takes the two in turn: of each kind one watches at the process that will be killed.
  for (const [name, watch] of Object.entries(watchers)) {
    for (const _place of [killed, left]) {
      const began = Promise.withResolvers<void>()
      watching.push({ name, end: watch(nginx, channelId, () => began.resolve()) })
      await began.promise
    }
  }
  const said = async () => (await snapshotOf(left, channelId)).text
  const before = await said()
  await killed.kill('SIGKILL')
  provider.comeToAnEnd()
  const ends = await Promise.all(watching.map(async ({ name, end }) => ({ name, ...(await end) })))

  const { status, text } = await snapshotOf(left, channelId)
  expect(status).toBe('COMPLETED')
  expect(before.length).toBeLessThan(text.length / 2)
  for (const name of Object.keys(watchers)) {
    const own = ends.filter((end) => end.name === name)
    expect(
      own.map((end) => end.text),
      name,
    ).toEqual([text, text])
    expect(own.map(({ connections }) => connections).toSorted(), name).toEqual([1, 2])
  }
})

async function snapshotOf({ url }: Target, channelId: string) {
  const query = 'query ($id: ID!) { dispatch(channelId: $id) { status messages { type text } } }'
  const { data } = await graphql<{ dispatch: { status: string; messages: { type: string; text: string }[] } }>(
    { url },
    query,
    { id: channelId },
  )
  return {
    status: data.dispatch.status,
    text: data.dispatch.messages.findLast(({ type }) => type === 'BOT')?.text ?? '',
  }
}

test('an API process that is killed in mid-answer is a cut behind proxy_pass alone, not an end', async () => {
  const service = await startProcess('all', { DEFAULT_MODEL: 'demo/delayMs=20/words=2000' })
  const nginx = await startNginx(bare(service))
  const channelId = await dispatch(service)
  const query = `subscription { channelEvents(channelId: "${channelId}") { __typename } }`
  const post = (path: string, accept: string, body: object) =>
    fetch(nginx.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    })
  const messages = [{ type: 'user', text: 'Hello' }]
  const answers = await Promise.all([
    post('/graphql', 'text/event-stream', { query }),
    post(`/v1/channel/${channelId}/subscribe`, 'text/event-stream', {}),
    post(`/v1/channel/${channelId}/subscribe`, 'application/jsonl', {}),
    post('/v1/conversation/complete', 'text/event-stream', { messages }),
    post('/v1/conversation/complete', 'application/jsonl', { messages }),
  ])
  const ends = answers.map(({ text }, n) =>
    text.call(answers[n]).then(
      () => 'ended',
      () => 'cut',
    ),
  )
  await service.kill('SIGKILL')
  expect(await Promise.all(ends)).toEqual(answers.map(() => 'cut'))
})
