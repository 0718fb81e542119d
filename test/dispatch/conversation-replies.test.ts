import { beforeAll, describe, expect, test } from 'vitest'
import { type Engine, engines } from '../conformance/engines.ts'
import { createTalk } from '../support/run/conversations.ts'
import { ids } from '../support/run/runs.ts'

describe.each(engines)('a reply that is lost in a conversation on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  test.each(['branch', 'settle'] as const)(
    'what the conversation went on from is let go of, although the reply to %s is lost',
    async (step) => {
      // Done, and done again as it is sent again: the second time it changes nothing.
      const lines = {
        ...engine.lines,
        [step]: async (...args: Parameters<typeof engine.lines.branch>) => {
          await engine.lines[step](...args)
          return engine.lines[step](...args)
        },
      }
      const talk = createTalk(engine)
      const first = await talk.say('U1')
      await talk.claim(first)
      await talk.finish(first, 'A1')
      await talk.lineWork.advance(talk.key)
      const [before] = await engine.lines.find([talk.key])
      const forgetful = createTalk(engine, { lines, key: talk.key })
      const second = await forgetful.say('U2', { continuesUpTo: 'U1' })
      await talk.claim(second)
      await talk.finish(second, 'A2')
      await forgetful.lineWork.advance(talk.key)
      expect(await talk.kept()).toEqual(['U1', 'U2', 'A2'])
      expect(before?.transcript).not.toBe(null)
      if (before?.transcript) expect(await engine.transcripts.read(talk.key.account, before.transcript)).toBe(null)
    },
  )

  // A process had taken the place and died; its client sends the dispatch again, while the line makes room for another.
  test('a dispatch that comes to be while its place is wanted by another does not begin', async () => {
    const talk = createTalk(engine)
    const channelId = ids.channelId()
    const create = async () => Promise.reject(new Error('died'))
    const dead = createTalk(engine, { runs: { ...engine.runs, create }, key: talk.key })
    await expect(dead.say('U1', { channelId })).rejects.toThrow('died')
    const second = await talk.say('U2', { whenBusy: 'interrupt' })
    // Forced: it is created when whoever advances the line has looked whom to cancel, before it looks whose turn it is.
    let isThere = false
    const runs: typeof engine.runs = {
      ...engine.runs,
      async find(keys) {
        const found = await engine.runs.find(keys)
        if (!isThere && keys.length === 2) {
          isThere = true
          const creating: typeof engine.runs.create = async (...args) => {
            await engine.runs.create(...args)
            throw new Error('died')
          }
          const dying = createTalk(engine, { runs: { ...engine.runs, create: creating }, key: talk.key })
          await expect(dying.say('U1', { channelId })).rejects.toThrow('died')
        }
        return found
      },
    }
    await createTalk(engine, { runs, key: talk.key }).lineWork.advance(talk.key)
    expect(isThere).toBe(true)
    const kinds = (await engine.runs.facts({ account: talk.key.account, channel: channelId })).map(
      ({ event }) => event.type,
    )
    expect(kinds).toEqual(['dispatch-queued', 'dispatch-cancelled'])
    expect(await talk.claim(second)).toBe(true)
    expect(await talk.transcript(second)).toEqual(['U1', 'U2'])
  })
})
