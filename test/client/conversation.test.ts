import { BackchannelError, type Conversation, type ConversationState, createBackchannel } from 'backchannel-client'
import { beforeAll, expect, test } from 'vitest'
import { conversationState, isAhead, noParts } from '../../client/src/conversation/conversation-state.ts'
import { emptyState } from '../../client/src/state/live.ts'
import { dataOf } from '../support/isolation/callers.ts'
import { opened } from '../support/lifetime/opened.ts'
import { createCuttingProxy } from '../support/proxy/cutting-proxy.ts'
import { type Service, startService } from '../support/service/start-service.ts'

let service: Service
beforeAll(async () => {
  service = await startService({ model: 'demo/delayMs=4/words=60' })
})

const open = (url = service.url) => opened(createBackchannel({ url: `${url}/graphql` }))
/** For runs that somebody must still find at work. */
const slow = 'demo/delayMs=4/words=1000'
const newId = () => `conversation-${crypto.randomUUID()}`
const isIdle = ({ status }: ConversationState) => status === 'COMPLETED' || status === 'CANCELLED'
const said = ({ messages }: ConversationState) => messages.flatMap(({ type, text }) => (type === 'USER' ? [text] : []))
const answers = ({ messages }: ConversationState) => messages.filter(({ type }) => type === 'BOT')

/** Every state of a conversation from now on. No message comes twice, or, unless it is rolled back, vanishes or loses a letter that was shown. */
function record(conversation: Conversation, { isRolledBack = false } = {}) {
  const states: ConversationState[] = []
  const waiting = new Set<() => void>()
  const look = () => {
    const state = conversation.getSnapshot()
    const before = states.at(-1)
    states.push(state)
    expect(new Set(state.messages.map(({ id }) => id)).size).toBe(state.messages.length)
    const texts = new Map(state.messages.map(({ id, text }) => [id, text]))
    if (state.error === null && !isRolledBack)
      for (const { id, text } of before?.messages ?? []) expect(texts.get(id)?.startsWith(text), id).toBe(true)
    for (const each of waiting) each()
  }
  opened(conversation.subscribe(look), (leave) => leave())
  const until = (fits: (state: ConversationState) => boolean) =>
    new Promise<ConversationState>((resolve) => {
      const check = () => {
        const state = conversation.getSnapshot()
        if (!fits(state)) return
        waiting.delete(check)
        resolve(state)
      }
      waiting.add(check)
      check()
    })
  return { states, until }
}

async function transcript(id: string) {
  const query =
    'query ($id: ID!) { conversation(id: $id) { messages { id type text meta isComplete } current { channelId } } }'
  return (
    await dataOf<{ conversation: { messages: unknown[]; current: unknown } }>(service.url, { query, variables: { id } })
  ).conversation
}

test.concurrent('turns follow each other, what is sent is shown at once, and in the end it is the transcript', async () => {
  const id = newId()
  const conversation = open().conversation(id)
  const { states, until } = record(conversation)
  const sending = conversation.send('one')
  expect(said(conversation.getSnapshot())).toEqual(['one'])
  expect(conversation.getSnapshot()).toMatchObject({ isSending: true, status: 'QUEUED' })
  await sending
  await conversation.send('two')
  await until((state) => answers(state).length === 2)
  await conversation.send('three')
  const last = await until((state) => answers(state).length === 3 && isIdle(state))
  expect(said(last)).toEqual(['one', 'two', 'three'])
  expect(last).toMatchObject({ error: null, isSending: false, pendingCalls: [], isReconnecting: false })
  expect(last.messages).toEqual((await transcript(id)).messages)
  // One says something while the other is said: nobody is idle in between.
  const firstBusy = states.findIndex(({ status }) => status === 'RUNNING')
  const busy = states.slice(
    firstBusy,
    states.findIndex((state) => answers(state).length === 2),
  )
  expect(busy.filter(({ status }) => status === null)).toEqual([])
})

test.concurrent('who comes in the middle sees what was said, however often the connection is cut', async () => {
  const id = newId()
  const proxy = await createCuttingProxy(service.url)
  const [one, other] = [open().conversation(id), open(proxy.url).conversation(id)]
  const first = record(one)
  await one.send('one')
  await first.until((state) => (answers(state)[0]?.text.length ?? 0) > 50)
  const second = record(other)
  const early = await second.until((state) => answers(state).length === 1)
  expect(answers(early)[0]?.text.length).toBeGreaterThan(50)
  for (const text of ['two', 'three']) {
    proxy.cut()
    await one.send(text)
    await second.until((state) => said(state).includes(text))
    proxy.cut()
  }
  const fits = (state: ConversationState) => answers(state).length === 3 && isIdle(state)
  const [ends, same] = [await first.until(fits), await second.until(fits)]
  expect(same.messages).toEqual(ends.messages)
  expect(second.states.some(({ isReconnecting }) => isReconnecting)).toBe(true)
})

test.concurrent('what waits for a person is answered, and what is being said is stopped', async () => {
  const conversation = open().conversation(newId())
  const { until } = record(conversation)
  const ask = { name: 'ask', description: 'Asks.', parameters: { type: 'object' }, result: { await: true } }
  await conversation.send({ messages: [{ type: 'USER', text: 'Please call ask.' }], functions: [ask] })
  const { pendingCalls } = await until(({ status }) => status === 'WAITING')
  await conversation.answer(pendingCalls[0]?.id ?? '', { data: 'Yes.' })
  await until((state) => isIdle(state) && answers(state).some(({ text }) => text.includes('Yes.')))
  await conversation.send({ messages: [{ type: 'USER', text: 'Hello' }], model: slow })
  await until(
    (state) => state.status === 'RUNNING' && said(state).length === 2 && answers(state).at(-1)?.isComplete === false,
  )
  await conversation.stop('Enough.')
  await until(({ status }) => status === 'CANCELLED')
  await conversation.stop()
  await expect(conversation.answer('none', { data: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test.concurrent('what is steered is shown at once, read by the run that goes on, and in the end where the transcript has it', async () => {
  const id = newId()
  const conversation = open().conversation(id)
  const { states, until } = record(conversation)
  const { channelId } = await conversation.send({ messages: [{ type: 'USER', text: 'one' }], model: slow })
  await until((state) => (answers(state)[0]?.text.length ?? 0) > 10)
  const steering = conversation.send({ messages: [{ type: 'USER', text: 'two' }], whenBusy: 'STEER' })
  expect(said(await until(({ isSending }) => isSending))).toEqual(['one', 'two'])
  expect((await steering).channelId).toBe(channelId)
  const last = await until((state) => answers(state).length === 2 && isIdle(state))
  expect(last.messages.map(({ type }) => type)).toEqual(['USER', 'BOT', 'USER', 'BOT'])
  expect(last.messages).toEqual((await transcript(id)).messages)
  expect(states.filter(({ status }) => status === 'COMPLETED').every((state) => answers(state).length === 2)).toBe(true)
})

test.concurrent('what is steered into a run that is rolled back goes with it', async () => {
  const conversation = open().conversation(newId())
  const { until } = record(conversation, { isRolledBack: true })
  await conversation.send({ messages: [{ type: 'USER', text: 'one' }], model: slow })
  await until((state) => answers(state).length === 1)
  await conversation.send({ messages: [{ type: 'USER', text: 'two' }], whenBusy: 'STEER' })
  await conversation.send({ messages: [{ type: 'USER', text: 'three' }], whenBusy: 'ROLLBACK' })
  const last = await until(({ status, messages }) => status === 'COMPLETED' && messages.at(-1)?.type === 'BOT')
  expect(said(last)).toEqual(['three'])
})

test.concurrent('what is refused is taken back, and the error says why', async () => {
  const conversation = open().conversation(newId())
  const { states, until } = record(conversation)
  await conversation.send('one')
  const messages = [{ type: 'USER', text: 'two' }] as const
  const refused = conversation.send({ messages: [...messages], whenBusy: 'REJECT' }).catch((error: unknown) => error)
  expect(await refused).toBeInstanceOf(BackchannelError)
  const state = await until(({ error }) => error !== null)
  expect(state.error?.code).toBe('CONFLICT')
  expect(said(state)).toEqual(['one'])
  expect(states.some((each) => said(each).includes('two'))).toBe(true)
  await conversation.send('three')
  expect(said(await until(({ error, isSending }) => error === null && !isSending))).toEqual(['one', 'three'])
})

const message = (id: string, text: string, isComplete = true) =>
  ({ id, type: 'BOT', text, meta: null, isComplete }) as const
const asked = message('asked', 'Hi')
const running = (...messages: ConversationState['messages']) =>
  ({ ...emptyState, status: 'RUNNING', messages }) as const

test.each([
  ['is queued, and has its own messages alone', { ...running(asked), status: 'QUEUED' } as const, false],
  ['has begun, and lacks the text that the update has', running(message('old', 'Old'), asked), false],
  ['has begun, and has less of the text', running(message('old', 'Old'), asked, message('new', 'N', false)), false],
  ['has as much', running(message('old', 'Old'), asked, message('new', 'New', false)), true],
  ['has taken it back, and says another', running(message('old', 'Old'), asked, message('again', 'A', false)), true],
])('a dispatch that %s', (_name, current, hasBegun) => {
  const update = [message('old', 'Old'), asked, message('new', 'New', false)]
  expect(isAhead(current, update)).toBe(hasBegun)
  const parts = {
    ...noParts,
    update: { messages: update, current: null, dispatches: { edges: [] } },
    current,
    hasBegun,
  }
  const shown = conversationState(parts).messages.map(({ text }) => text)
  expect(shown).toEqual(['Old', 'Hi', current.messages.some(({ id }) => id === 'again') ? 'A' : 'New'])
})
