import { beforeAll, describe, expect, test, vi } from 'vitest'
import { fold, transcript } from '../../src/conversation/fold.ts'
import type { Message } from '../../src/conversation/message.ts'
import type { PromptMessage } from '../../src/conversation/prompt/prompt-message.ts'
import { createHandMessages } from '../../src/dispatch/add-messages.ts'
import type { RunStore } from '../../src/dispatch/run-store.ts'
import type { JobAbort } from '../../src/dispatch/schedule/queue.ts'
import { ModelFault } from '../../src/models/model.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { functionSpec } from '../support/run/facts.ts'
import { ids } from '../support/run/runs.ts'
import { createScriptedModel, type ScriptedModel } from '../support/run/scripted-model.ts'
import { createWorkplace } from '../support/service/workplace.ts'

// run 26 and 27: what is handed to a run, at every moment of its work.
describe.each(engines)('messages that are handed to a run on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const begin = async (request: Parameters<ReturnType<typeof createWorkplace>['create']>[0] = {}) => {
    const place = createWorkplace(engine)
    await place.create(request)
    const hand = createHandMessages({ ...engine, ids })
    return {
      ...place,
      add: (...texts: string[]) => hand(place.key, { messages: texts.map(said), areNew: false }),
      said: async () => {
        const facts = await engine.runs.facts(place.key)
        return transcript(fold(facts as Parameters<typeof fold>[0])).map(({ type, text }) => text || type)
      },
    }
  }

  test('a queued one: they follow its own, in its first model call', async () => {
    const { add, work, said } = await begin()
    await add('More', 'And more')
    const model = createScriptedModel([{ lines: ['Answer'] }])
    expect(await work(model)).toBe('done')
    expect(prompts(model)).toEqual([['Hello', 'More', 'And more']])
    expect(await said()).toEqual(['Hello', 'More', 'And more', 'Answer'])
  })

  test('while its model speaks: it goes on with them instead of completing, behind what it says then', async () => {
    const { add, work, seen, said, run } = await begin()
    const gate = Promise.withResolvers<void>()
    const model = createScriptedModel([{ lines: ['One', gate.promise, ' two'] }, { lines: ['Three'] }])
    const working = work(model)
    await seen('text-delta')
    await add('More')
    gate.resolve()
    expect(await working).toBe('done')
    expect(prompts(model)).toEqual([['Hello'], ['Hello', 'One two', 'More']])
    expect(await said()).toEqual(['Hello', 'One two', 'More', 'Three'])
    expect(await run()).toMatchObject({ status: 'completed', result: { text: 'Three', finishReason: 'stop' } })
  })

  test('while a function is carried out: its result comes first, and the next model call has both', async () => {
    const { add, work, seen, said } = await begin({
      functions: [functionSpec('f', { answer: { kind: 'ability', ability: 'a' } as never })],
    })
    const gate = Promise.withResolvers<void>()
    const model = createScriptedModel([{ lines: [{ call: 'f' }] }, { lines: ['Done'] }])
    const callAbility = () => gate.promise.then(() => ({ kind: 'completed', data: 7 }) as const)
    const working = work(model, { callAbility })
    await seen('iteration-finished')
    await add('More')
    gate.resolve()
    await working
    expect(model.calls[1]?.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user'])
    expect(await said()).toEqual(['Hello', 'activity', 'activity', 'More', 'Done'])
  })

  test('while it waits for an answer: it goes on waiting, and the answer comes first', async () => {
    const { add, work, key, answers, run, said } = await begin({
      functions: [functionSpec('f', { answer: { kind: 'submit' } })],
    })
    const model = createScriptedModel([{ lines: [{ call: 'f', id: 'p1' }] }, { lines: ['Done'] }])
    await work(model)
    await add('More')
    expect((await run()).status).toBe('waiting')
    const [pending] = await engine.runs.pending(key)
    await answers.submit(key, pending?.call.id ?? '', { kind: 'completed', data: 7 })
    await work(model)
    expect(model.calls[1]?.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user'])
    expect(await said()).toEqual(['Hello', 'activity', 'activity', 'More', 'Done'])
  })

  test.each([
    ['iteration-started', [['Hello', 'More']], ['Hello', 'More', 'One']],
    ['dispatch-completed', [['Hello'], ['Hello', 'One', 'More']], ['Hello', 'One', 'More', 'Two']],
  ] as const)('in the moment before its %s is written: nothing is written over them', async (kind, asked, whole) => {
    const { add, work, said, kinds } = await begin()
    const model = createScriptedModel([{ lines: ['One'] }, { lines: ['Two'] }])
    let isAdded = false
    const runs: RunStore = {
      ...engine.runs,
      async append(key, append) {
        if (!isAdded && append.events.some(({ type }) => type === kind)) {
          isAdded = true
          await add('More')
        }
        return engine.runs.append(key, append)
      },
    }
    expect(await work(model, { runs })).toBe('done')
    expect(prompts(model)).toEqual(asked)
    expect(await said()).toEqual(whole)
    expect((await kinds()).filter((each) => each === 'message-completed')).toHaveLength(asked.length)
  })

  test('after its ending is written: it does not take them', async () => {
    const { add, work, kinds } = await begin()
    await work(createScriptedModel([{ lines: ['One'] }]))
    const before = await kinds()
    expect(await add('More')).toBe('ended')
    expect(await kinds()).toEqual(before)
  })

  test('while it is being taken over: whoever takes it has them once, where the first one had them', async () => {
    const { add, work, seen, said } = await begin()
    await add('Early')
    const first = new AbortController()
    const lost = createScriptedModel([{ lines: ['Hal', new Promise(() => {})] }])
    const dying = work(lost, {}, first.signal)
    await seen('text-delta')
    await add('Late')
    first.abort('lost' satisfies JobAbort)
    await dying
    await add('Later')
    const model = createScriptedModel([{ lines: ['Whole'] }])
    expect(await work(model)).toBe('done')
    expect(prompts(lost)).toEqual([['Hello', 'Early']])
    expect(prompts(model)).toEqual([['Hello', 'Early', 'Late', 'Later']])
    expect(await said()).toEqual(['Hello', 'Early', 'Late', 'Later', 'Whole'])
  })

  test('a run that is cancelled while it speaks keeps them behind what it has said', async () => {
    const { add, work, seen, said, key } = await begin()
    const working = work(createScriptedModel([{ lines: ['Half', new Promise(() => {})] }]))
    await seen('text-delta')
    await add('More')
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
    await working
    expect(await said()).toEqual(['Hello', 'Half', 'More'])
  })

  test('a run that fails keeps them at the end of its transcript', async () => {
    const { add, work, seen, said, run } = await begin()
    const gate = Promise.withResolvers<void>()
    const working = work(createScriptedModel([{ lines: ['Half', gate.promise, new ModelFault('rejected', 'No.')] }]))
    await seen('text-delta')
    await add('More')
    gate.resolve()
    await working
    expect((await run()).status).toBe('failed')
    expect(await said()).toEqual(['Hello', 'More'])
  })

  test('a run that is cancelled while a function is carried out keeps them, too', async () => {
    const ability = functionSpec('f', { answer: { kind: 'ability', ability: 'a' } as never })
    const { add, work, seen, said, key } = await begin({ functions: [ability] })
    const callAbility = (_call: unknown, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const working = work(createScriptedModel([{ lines: [{ call: 'f' }] }]), { callAbility })
    await seen('iteration-finished')
    await add('More')
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: ids.tag() })
    await working
    expect(await said()).toEqual(['Hello', 'activity', 'More'])
  })

  test('a run whose iterations are used up ends with them unread', async () => {
    const limits = { iterations: 1, continuations: 3, calls: 10 }
    const { add, work, seen, said, run } = await begin({ limits })
    const gate = Promise.withResolvers<void>()
    const working = work(createScriptedModel([{ lines: ['One', gate.promise] }]))
    await seen('text-delta')
    await add('More')
    gate.resolve()
    await working
    expect(await run()).toMatchObject({ status: 'completed', result: { text: 'One', finishReason: 'iteration' } })
    expect(await said()).toEqual(['Hello', 'One', 'More'])
  })

  test('an answer that was cut is not gone on with: the next one answers them', async () => {
    const { add, work, seen, run } = await begin()
    const gate = Promise.withResolvers<void>()
    const model = createScriptedModel([{ lines: ['One', gate.promise], finish: 'length' }, { lines: ['Two'] }])
    const working = work(model)
    await seen('text-delta')
    await add('More')
    gate.resolve()
    await working
    expect(prompts(model)[1]).toEqual(['Hello', 'One', 'More'])
    expect((await run()).result).toEqual({ text: 'Two', finishReason: 'stop' })
  })

  test('a view shows them where the transcript has them, at every moment', async () => {
    const { add, work, seen, said, events } = await begin()
    const gate = Promise.withResolvers<void>()
    const model = createScriptedModel([{ lines: [gate.promise, 'One'] }, { lines: ['Two'] }])
    const working = work(model)
    await seen('iteration-started')
    await add('More')
    gate.resolve()
    await working
    const { createViewBuilder } = await import('../../src/conversation/view.ts')
    const builder = createViewBuilder()
    const shown: string[] = []
    for (const event of await events()) {
      builder.apply({ at: 0, event })
      const texts = builder.view().messages.map(({ text }) => text)
      if (shown.at(-1) !== texts.join()) shown.push(texts.join())
    }
    expect(shown).toEqual(['Hello', 'Hello,More', 'Hello,One,More', 'Hello,One,More,Two'])
    expect(await said()).toEqual(['Hello', 'One', 'More', 'Two'])
  })

  test('the same ones again, side by side and after the ending, add nothing; another text under their id is refused', async () => {
    const { add, work, key, kinds } = await begin()
    const hand = createHandMessages({ ...engine, ids })
    await Promise.all(Array.from({ length: 8 }, () => add('More', 'And more')))
    await add('And more', 'New')
    const other: Message = { id: 'More', type: 'user', text: 'Else' }
    for (const message of [other, { ...other, id: 'm1' }]) {
      const handing = hand(key, { messages: [said('New'), message], areNew: false })
      const issues = [{ path: ['input', 'messages', 1, 'id'] }]
      await expect(handing).rejects.toMatchObject({ code: 'CONFLICT', issues })
    }
    const model = createScriptedModel([{ lines: ['Answer'] }])
    await work(model)
    expect(prompts(model)).toEqual([['Hello', 'More', 'And more', 'New']])
    const before = await kinds()
    expect(await add('More', 'Hello')).toMatchObject({ status: 'completed' })
    expect(await add('More', 'Newer')).toBe('ended')
    expect(await kinds()).toEqual(before)
  })

  test('a worker that is told of them while it cannot write loses nothing and repeats nothing', async () => {
    const { add, work, seen, said } = await begin()
    const gate = Promise.withResolvers<void>()
    const model = createScriptedModel([{ lines: ['One', gate.promise] }, { lines: ['Two'] }])
    let replies = 0
    // Every reply is lost once, and the command is sent again.
    const runs: RunStore = {
      ...engine.runs,
      async append(key, append) {
        replies += 1
        await engine.runs.append(key, append)
        return engine.runs.append(key, append)
      },
    }
    const working = work(model, { runs })
    await seen('text-delta')
    await add('More')
    gate.resolve()
    expect(await working).toBe('done')
    await vi.waitFor(async () => expect(await said()).toEqual(['Hello', 'One', 'More', 'Two']))
    expect(replies).toBeGreaterThan(3)
  })
})

function said(text: string): Message {
  return { id: text === 'Hello' ? 'm1' : text, type: 'user', text }
}

/** What each call of the model was asked with, as texts. */
function prompts({ calls }: ScriptedModel): readonly (readonly string[])[] {
  return calls.map(({ prompt }) => prompt.flatMap(textOf))
}

function textOf(message: PromptMessage): readonly string[] {
  if (message.role === 'user') return [message.text]
  return message.role === 'assistant' ? message.parts.map((part) => ('text' in part ? part.text : part.name)) : []
}
