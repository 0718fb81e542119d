import { expect, test } from 'vitest'
import { createAddMessages, createHandMessages } from '../../src/dispatch/add-messages.ts'
import { createRaiseLimits } from '../../src/dispatch/raise-limits.ts'
import type { JobAbort } from '../../src/dispatch/schedule/queue.ts'
import { type Model, ModelFault, type ModelPart } from '../../src/models/model.ts'
import { defaultRetryPolicy } from '../../src/worker/retry.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createRandom } from '../faults/random.ts'
import { atLength } from '../support/at-length.ts'
import { request } from '../support/run/facts.ts'
import { ids } from '../support/run/runs.ts'
import { createWorkplace } from '../support/service/workplace.ts'

const price = { input: 1e6, cachedInput: 1e6, output: 1e6, reasoning: 1e6 }

/**
 * A run with little that it may use, whose tries fail, whose workers hand it over, are lost or put it off, and to which messages and raises
 * come at any moment. Who knows what the provider has counted compares: no call begins once all that was allowed was used, but for what a
 * lost worker took along.
 */
async function hunt(seed: number, engine: Engine): Promise<string[]> {
  const random = createRandom(seed)
  const wrong: string[] = []
  const { key, create, work, run } = createWorkplace(engine)
  const allowed = { tokens: 20 + random.int(60), cost: 20 + random.int(60) }
  await create({
    limits: { ...request.limits, ...allowed, whenReached: 'pause', continuations: 1000, iterations: 1000 },
    price,
  })
  let [counted, takenAlong, calls] = [0, 0, 0]
  /** Not told to anybody by the worker at hand. */
  let untold = 0
  let over = new AbortController()
  const end = (how: JobAbort) => over.abort(how)
  const model: Model = {
    name: 'counting',
    async *stream(): AsyncGenerator<ModelPart> {
      calls += 1
      const least = Math.min(allowed.tokens, allowed.cost)
      if (counted - takenAlong >= least)
        wrong.push(`seed ${seed}: call ${calls} begins after ${counted - takenAlong} of ${least}`)
      const inputTokens = 1 + random.int(12)
      const usage = { inputTokens, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 }
      counted += inputTokens
      untold += inputTokens
      yield { type: 'usage', usage }
      if (random.chance(0.3)) yield { type: 'text', text: 'Half ' }
      if (random.chance(0.1)) end(random.pick(['closing', 'lost']))
      if (random.chance(0.4)) throw new ModelFault('unavailable', `cut ${calls}`, { isRetryable: true })
      yield { type: 'text', text: `on and on ${calls} ` }
      yield { type: 'finish', finish: 'length', usage }
    },
  }
  const raiseLimits = createRaiseLimits({
    ...{ ...engine, queue: { add: async () => {} }, ids, clock: () => Date.now() },
    ...{ traceparent: () => undefined, repairMs: 5000 },
  })
  const add = createAddMessages(createHandMessages({ ...engine, ids }), ids)
  const nudge = async () => {
    const kind = random.pick(['tokens', 'cost'] as const)
    if (random.chance(0.5)) {
      const more = allowed[kind] + random.int(20) - 5
      await raiseLimits(key, { [kind]: more })
      allowed[kind] = more
    } else await add(key, [{ id: null, type: 'user', text: 'And?', meta: null }])
  }
  const calling = {
    retryPolicy: defaultRetryPolicy,
    sleep: async () => {
      if (random.chance(0.3)) end(random.pick(['closing', 'lost']))
    },
    random: () => 0,
  }
  const enter = async () => (random.chance(0.2) ? 60_000 : 0)
  for (let round = 0; round < 12; round++) {
    over = new AbortController()
    untold = 0
    const before = await run()
    await work(model, { calling, providerLimits: { enter, correct: async () => {} } }, over.signal)
    const { status, usage } = await run()
    if (over.signal.reason === 'lost') takenAlong += Math.max(0, before.usage.totalTokens + untold - usage.totalTokens)
    else if (usage.totalTokens !== counted - takenAlong)
      wrong.push(`seed ${seed}: ${counted - takenAlong} were counted, the run tells ${usage.totalTokens}`)
    if (status === 'completed' || status === 'failed') break
    await nudge()
  }
  return wrong
}

test.each(engines)(
  'whatever happens to a run, it uses no more than it may, but for one call: on %s',
  async (_name, open) => {
    const engine = await open()
    for (let seed = 1; seed <= atLength(8, 100); seed++) expect(await hunt(seed, engine)).toEqual([])
  },
)
