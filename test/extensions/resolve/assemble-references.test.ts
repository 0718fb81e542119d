import { describe, expect, it, test } from 'vitest'
import { noEffects } from '../../../src/extensions/feature/effects.ts'
import { type ReferenceSources, references } from '../../../src/extensions/resolve/prompt-reference.ts'
import type { ChannelId, ResourceId } from '../../../src/kernel/ids.ts'
import type { Bot, Contact } from '../../../src/store/resource.ts'

const stamps = { place: 1, createdAt: 0, updatedAt: 0 }

const contact: Contact = {
  ...stamps,
  id: 'contact_1' as ResourceId,
  fingerprint: 'device-7',
  name: 'Ann',
  description: null,
  email: 'ann@example.com',
  phone: null,
  nick: 'annie',
  meta: null,
}

const bot: Bot = {
  ...stamps,
  id: 'bot_1' as ResourceId,
  name: 'Guide',
  description: 'Shows the way',
  model: null,
  backstory: 'secret sauce',
  datasetId: null,
  skillsetId: null,
}

function made(own: Partial<ReferenceSources>) {
  return references({
    contact: null,
    bot: null,
    timezone: 'UTC',
    now: Date.UTC(2026, 10, 23, 14, 5, 9),
    channelId: 'channel-0123456789' as ChannelId,
    effects: noEffects,
    ...own,
  })
}

const always = {
  EARTH_DATE: '2026-11-23',
  EARTH_TIME: '14:05',
  EARTH_TIMEZONE: 'UTC',
  CONVERSATION_ID: 'channel-0123456789',
}

test('a run without contact and bot has the time and its own id', () => {
  expect(made({})).toEqual(always)
})

it.each([
  ['Asia/Tokyo', '2026-11-24', '01:05'],
  ['America/New_York', '2026-11-23', '11:05'],
  ['Asia/Kolkata', '2026-11-23', '21:35'],
  ['Europe/London', '2026-11-23', '16:05'],
])('date and time are those of %s', (timezone, EARTH_DATE, EARTH_TIME) => {
  expect(made({ timezone, now: Date.UTC(2026, 10, 23, 16, 5, 59) })).toMatchObject({ EARTH_DATE, EARTH_TIME })
})

it.each([
  [0, '00:00'],
  [12, '12:00'],
])('hour %d is written as %s', (hour, time) => {
  expect(made({ now: Date.UTC(2026, 0, 2, hour) })).toMatchObject({ EARTH_DATE: '2026-01-02', EARTH_TIME: time })
})

test('contact, bot and user are there as far as they are known, and the backstory never', () => {
  const effects = { ...noEffects, references: { USER_NAME: 'Bob' } }
  expect(made({ contact, bot, effects })).toEqual({
    ...always,
    CONTACT_ID: 'contact_1',
    CONTACT_FINGERPRINT: 'device-7',
    CONTACT_NAME: 'Ann',
    CONTACT_EMAIL: 'ann@example.com',
    CONTACT_NICK: 'annie',
    BOT_ID: 'bot_1',
    BOT_NAME: 'Guide',
    BOT_DESCRIPTION: 'Shows the way',
    USER_NAME: 'Bob',
  })
})

describe('the meta of a contact', () => {
  function metaOf(meta: Record<string, unknown>) {
    const found = made({ contact: { ...contact, meta } })
    return Object.fromEntries(Object.entries(found).filter(([name]) => name.startsWith('CONTACT_META')))
  }

  it.each([
    [{ plan: 'pro' }, { CONTACT_META_plan: 'pro', CONTACT_META_PLAN: 'pro' }],
    [{ AGE: 42 }, { CONTACT_META_AGE: '42' }],
    [{ VIP: false }, { CONTACT_META_VIP: 'false' }],
    [{ A: null }, {}],
    [{ 'FIRST-NAME x': 'Ann' }, { CONTACT_META_FIRST_NAME_X: 'Ann', CONTACT_META_FIRST_NAME_x: 'Ann' }],
    [{ A: { B: { C: 'deep' } } }, { CONTACT_META_A_B_C: 'deep' }],
    [{ TAGS: ['a', 1] }, { CONTACT_META_TAGS: '["a",1]' }],
    [
      { a: 'small', A: 'large' },
      { CONTACT_META_a: 'small', CONTACT_META_A: 'large' },
    ],
    [
      { A: 'large', a: 'small' },
      { CONTACT_META_a: 'small', CONTACT_META_A: 'large' },
    ],
    [{ BIO: 'x'.repeat(10_001), B: 'y' }, { CONTACT_META_B: 'y' }],
  ])('%j', (meta, expected) => {
    expect(metaOf(meta)).toEqual(expected)
  })
})

test('a contact whose meta is a mountain does not make one of every run', () => {
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`k${n}`, 'x'.repeat(1000)]))
  const meta = { plan: 'pro', ['y'.repeat(20_000)]: wide, wide, long: 'x'.repeat(10_001) }
  const found = made({ contact: { ...contact, meta } })
  expect(found['CONTACT_META_plan']).toBe('pro')
  expect(JSON.stringify(found).length).toBeLessThan(250_000)
  expect(found).not.toHaveProperty('CONTACT_META_long')
})
