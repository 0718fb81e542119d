import { describe, expect, test } from 'vitest'
import type { Services } from '../../../../src/api/services.ts'
import type { Follower } from '../../../../src/channel/follow.ts'
import { Failure } from '../../../../src/kernel/errors.ts'
import { documentedErrors, transports } from '../../../server/ask.ts'
import { type Edge, startEdge } from '../../../server/edge.ts'

const secret = new Error('password=hunter2 at redis://10.0.0.7')
const entry = { offset: 1, tag: 'x', at: 0, event: { type: 'iteration-started', iteration: 1 } } as const
const batch = { entries: [entry], position: { epoch: 'abcdefgh', offset: 1, tag: 'x' } }

function followerThat(fails: () => never): Follower {
  async function* follow() {
    yield batch
    fails()
  }
  return { follow, close: () => {} }
}

function throwing(error: unknown): () => never {
  return () => {
    throw error
  }
}

let edge: Edge

const models = { query: '{ models { id } }' }
const events = { query: 'subscription { channelEvents(channelId: "channel-of-this-test") { __typename } }' }

describe.for(Object.entries(transports))('over %s', ([, ask]) => {
  test('a defect is reported once, in full, and the answer quotes the id of the report', async () => {
    const preflight = { resolve: throwing(secret), models: throwing(secret) }
    edge = await startEdge({ preflight })
    const results = await ask(edge.url, models)
    expect(edge.defects).toEqual([secret])
    expect(documentedErrors(results)).toMatchObject([
      { message: 'The server failed. It was logged as err_1.', path: ['models'], extensions: { code: 'INTERNAL' } },
    ])
    expect(JSON.stringify(results)).not.toMatch(/hunter2|10\.0\.0\.7|stack|node_modules/)
  })

  test('a thrown value that is not an Error is a defect too', async () => {
    edge = await startEdge({ preflight: { resolve: throwing('hunter2'), models: throwing('hunter2') } })
    const results = await ask(edge.url, models)
    expect(documentedErrors(results)).toMatchObject([{ extensions: { code: 'INTERNAL' } }])
    expect(JSON.stringify(results)).not.toContain('hunter2')
  })

  test('a value that violates the schema is a defect, although GraphQL reports it as its own error', async () => {
    const record = { key: { channel: 'c' }, position: batch.position, createdAt: 0, attempts: 3_000_000_000 }
    const runs = { find: async () => [record] } as unknown as Services['runs']
    edge = await startEdge({ runs })
    const results = await ask(edge.url, { query: '{ dispatch(channelId: "channel-of-this-test") { attempts } }' })
    expect(documentedErrors(results)).toMatchObject([{ extensions: { code: 'INTERNAL' } }])
    expect(edge.defects).toHaveLength(1)
  })

  test('a failure is meant for the caller and is not reported', async () => {
    const failure = new Failure('UNAVAILABLE', 'Redis cannot be reached.', { cause: secret })
    edge = await startEdge({ preflight: { resolve: throwing(failure), models: throwing(failure) } })
    const results = await ask(edge.url, models)
    expect(documentedErrors(results)).toMatchObject([
      { message: 'Redis cannot be reached.', extensions: { code: 'UNAVAILABLE' } },
    ])
    expect(edge.defects).toEqual([])
    expect(JSON.stringify(results)).not.toContain('hunter2')
  })
})

const { HTTP: _cannotSubscribe, ...streaming } = transports

describe.for(Object.entries(streaming))('a subscription over %s', ([, ask]) => {
  test('a failing subscription delivers its events, then the masked error, and completes', async () => {
    edge = await startEdge({ follower: followerThat(throwing(secret)) })
    const results = await ask(edge.url, events)
    expect(results).toHaveLength(2)
    expect(results[0]).toEqual({ data: { channelEvents: { __typename: 'IterationStarted' } } })
    expect(documentedErrors(results)).toMatchObject([
      { message: 'The server failed. It was logged as err_1.', extensions: { code: 'INTERNAL' } },
    ])
    expect(edge.defects).toEqual([secret])
    expect(JSON.stringify(results)).not.toContain('hunter2')
  })

  test('a cursor that expires midway is an error after the earlier events', async () => {
    edge = await startEdge({ follower: followerThat(throwing(new Failure('CURSOR_EXPIRED', 'Gone.'))) })
    const results = await ask(edge.url, events)
    expect(results[0]).toEqual({ data: { channelEvents: { __typename: 'IterationStarted' } } })
    expect(documentedErrors(results)).toMatchObject([
      { message: 'Gone.', path: ['channelEvents'], extensions: { code: 'CURSOR_EXPIRED' } },
    ])
    expect(edge.defects).toEqual([])
  })

  test('a subscription that cannot start gets an error, not a cut connection', async () => {
    edge = await startEdge({ follower: { follow: throwing(secret), close: () => {} } })
    const results = await ask(edge.url, events)
    expect(documentedErrors(results)).toMatchObject([{ extensions: { code: 'INTERNAL' } }])
    expect(edge.defects).toEqual([secret])
  })
})
