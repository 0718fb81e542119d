import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { dispatchBy } from '../account.ts'
import type { Target } from '../target.ts'
import { type Attack, again, outcome } from './attack.ts'

/** A finished conversation of about `bytes`. */
async function longConversation(target: Target, bytes: number, signal: AbortSignal): Promise<string> {
  const text = 'word '.repeat(bytes / 20)
  const messages = Array.from({ length: 4 }, () => ({ type: 'USER', text }))
  const channelId = await dispatchBy(target.attacker, { model: 'demo/delayMs=0/words=1', messages }, signal)
  for (;;) {
    const query = `{ dispatch(channelId: "${channelId}") { status } }`
    const { dispatch } = await target.attacker.graphql<{ dispatch: { status: string } }>(query, {}, signal)
    if (dispatch.status === 'COMPLETED') return channelId
    await sleep(50)
  }
}

const aliasedContinues: Attack = {
  name: 'aliased dispatches continue a long conversation',
  async run(target, signal, tally) {
    const channelId = await longConversation(target, 1_000_000, signal)
    const one = (n: number) =>
      `d${n}: dispatchConversation(input: { model: "demo/delayMs=0/words=1", continues: "${channelId}", messages: [{ type: USER, text: "More" }] }) { channelId }`
    const query = `mutation { ${Array.from({ length: 20 }, (_, n) => one(n)).join(' ')} }`
    await again(4, signal, tally, async () =>
      outcome(await target.attacker.post('/graphql', JSON.stringify({ query }), signal)),
    )
  },
}

const publications: Attack = {
  name: 'publications of 250,000 characters on one’s own run',
  async run(target, signal, tally) {
    const channelId = `attacker-${randomUUID()}`
    await dispatchBy(
      target.attacker,
      { channelId, model: 'demo/delayMs=10000/words=1000', messages: [{ type: 'USER', text: 'Hi' }] },
      signal,
    )
    const query = `mutation ($message: JSONObject!) { publishChannelMessage(channelId: "${channelId}", message: $message) { __typename } }`
    const body = JSON.stringify({ query, variables: { message: { text: 'x'.repeat(249_000) } } })
    await again(10, signal, tally, async () => outcome(await target.attacker.post('/graphql', body, signal)))
  },
}

const datasets: Attack = {
  name: 'datasets of 7 MB are stored',
  run: ({ attacker }, signal, tally) => {
    const records = Array.from({ length: 1000 }, (_, n) => ({ text: `${n} `.repeat(1500).slice(0, 7000) }))
    const query = 'mutation ($input: DatasetInput!) { createDataset(input: $input) { id } }'
    const body = JSON.stringify({ query, variables: { input: { name: 'Much', records } } })
    return again(4, signal, tally, async () => outcome(await attacker.post('/graphql', body, signal)))
  },
}

const aliasedReads: Attack = {
  name: 'aliases read a long conversation many times',
  async run(target, signal, tally) {
    const channelId = await longConversation(target, 4_000_000, signal)
    const fields = Array.from(
      { length: 100 },
      (_, n) => `d${n}: dispatch(channelId: "${channelId}") { messages { text } }`,
    )
    const body = JSON.stringify({ query: `{ ${fields.join(' ')} }` })
    await again(4, signal, tally, async () => outcome(await target.attacker.post('/graphql', body, signal)))
  },
}

const searches: Attack = {
  name: 'a dataset of 10,000 records is searched over REST',
  async run(target, signal, tally) {
    const words = 'a search finds words in many records of shops that open early and close late'.split(' ')
    const text = (n: number) =>
      Array.from({ length: 60 }, (_, i) => `${words[(n * 7 + i) % words.length]}${(n * i) % 997}`).join(' ')
    const records = Array.from({ length: 10_000 }, (_, n) => ({ text: text(n) }))
    const query = 'mutation ($input: DatasetInput!) { createDataset(input: $input) { id } }'
    const { createDataset } = await target.attacker.graphql<{ createDataset: { id: string } }>(
      query,
      { input: { name: 'Shops', records } },
      signal,
    )
    const path = `/v1/dataset/${createDataset.id}/search`
    await again(4, signal, tally, async () =>
      outcome(await target.attacker.post(path, '{"search":"shops early"}', signal)),
    )
  },
}

export const storingAttacks: readonly Attack[] = [aliasedContinues, publications, datasets, aliasedReads, searches]
