import { beforeAll, describe, expect, test } from 'vitest'
import { type Engine, engines } from '../conformance/engines.ts'
import { createTalk } from '../support/run/conversations.ts'

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
})
