import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { dispatchMutation } from '../account.ts'
import { type Attack, again, outcome, untilAborted } from './attack.ts'
import { openRequest, unread } from './connections.ts'

const responses: Attack = {
  name: 'responses of OpenAI’s client as fast as they are taken',
  run: ({ attacker }, signal, tally) =>
    again(20, signal, tally, async () => {
      const body = JSON.stringify({ model: 'demo/delayMs=0/words=200', input: 'Hi', stream: true })
      return outcome(await attacker.post('/openai/v1/responses', body, signal))
    }),
}

const agUi: Attack = {
  name: 'AG-UI runs as fast as they are taken',
  run({ attacker }, signal, tally) {
    let n = 0
    return again(20, signal, tally, async () => {
      const id = `attacker-thread-${n++}`
      const messages = [{ id: `${id}-message`, role: 'user', content: 'Hi' }]
      const input = {
        threadId: id,
        runId: `${id}-run`,
        messages,
        state: {},
        tools: [],
        context: [],
        forwardedProps: {},
      }
      return outcome(await attacker.post('/ag-ui/demo', JSON.stringify(input), signal))
    })
  },
}

const chatSockets: Attack = {
  name: 'sockets of the AI SDK send chats, and read nothing',
  run: (target, signal, tally) =>
    again(20, signal, tally, async () => {
      const socket = new WebSocket(`${target.url.replace('http', 'ws')}/ai-sdk/chat`)
      socket.on('error', () => {})
      await once(socket, 'open')
      socket.pause()
      const closed = once(socket, 'close')
      const headers = { authorization: `Bearer ${target.attacker.key}` }
      for (let n = 0; !signal.aborted && socket.readyState === socket.OPEN; n++) {
        const messages = [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'x'.repeat(20_000) }] }]
        const id = `attacker-chat-${crypto.randomUUID()}`
        socket.send(
          JSON.stringify({ type: 'send', requestId: String(n), id, headers, messages, trigger: 'submit-message' }),
        )
        if (socket.bufferedAmount > 1_000_000) await Promise.race([sleep(100), closed, untilAborted(signal)])
        else await sleep(1)
      }
      socket.terminate()
      return 'ended by the server'
    }),
}

const lists: Attack = {
  name: 'overviews and pages of conversations, many times in one query',
  async run({ attacker }, signal, tally) {
    const begin = async (n: number) => {
      const input = {
        model: 'demo/delayMs=0/words=5',
        conversationId: `attacker-conversation-${n}`,
        messages: [{ type: 'USER', text: 'Hi' }],
      }
      await attacker.post('/graphql', JSON.stringify({ query: dispatchMutation, variables: { input } }), signal)
    }
    for (let n = 0; n < 100; n++) await begin(n)
    const page = 'conversations(first: 100) { edges { node { id } } }'
    const fields = Array.from(
      { length: 40 },
      (_, n) => `o${n}: overview { running queued today { __typename } } ${n < 1 ? page : ''}`,
    )
    const body = JSON.stringify({ query: `{ ${fields.join(' ')} }` })
    await again(20, signal, tally, async () => outcome(await attacker.post('/graphql', body, signal)))
  },
}

/** Endpoints at `host`, which is told of every dispatch. */
function webhooks(host: string): Attack {
  return {
    name: 'dispatches of which 16 webhooks are told',
    async run({ attacker }, signal, tally) {
      const create = 'mutation ($input: WebhookInput!) { createWebhook(input: $input) { __typename } }'
      for (let n = 0; n < 16; n++) {
        const variables = { input: { url: `http://${host}/webhook-${n}` } }
        tally.add(
          `webhook ${outcome(await attacker.post('/graphql', JSON.stringify({ query: create, variables }), signal))}`,
        )
      }
      const input = { model: 'demo/delayMs=0/words=20', messages: [{ type: 'USER', text: 'Hi' }] }
      const body = JSON.stringify({ query: dispatchMutation, variables: { input } })
      await again(20, signal, tally, async () => outcome(await attacker.post('/graphql', body, signal)))
    },
  }
}

/** What came after GraphQL: other clients’ wires, lists for the console, webhooks. */
export const frontEndAttacks = (host: string): readonly Attack[] => [
  unread('200 responses of OpenAI’s client, a long text each, are not read', 200, (target, id) =>
    openRequest(target, `GET /openai/v1/responses/resp_${id}?stream=true`, ''),
  ),
  unread('200 subscriptions over REST to a long text are not read', 200, (target, id) =>
    openRequest(target, `POST /v1/channel/${id}/subscribe`, '{"historyLength":1000}'),
  ),
  responses,
  agUi,
  chatSockets,
  lists,
  webhooks(host),
]
