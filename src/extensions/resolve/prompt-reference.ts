import type { ChannelId } from '../../kernel/ids.ts'
import { stringifyJson } from '../../kernel/json.ts'
import { localTime } from '../../kernel/timezone.ts'
import type { Bot, Contact } from '../../store/resource.ts'
import type { FeatureEffects } from '../feature/effects.ts'

export interface ReferenceSources {
  readonly contact: Contact | null
  readonly bot: Bot | null
  /** An IANA name, or an offset that a client has sent. */
  readonly timezone: string
  /** When the dispatch was accepted: ms since 1970. */
  readonly now: number
  readonly channelId: ChannelId
  readonly effects: FeatureEffects
}

/**
 * Bounds for the meta of a contact, which is stored with every run. Lengths are in UTF-16 code units; anything beyond
 * is left out.
 */
const metaBounds = { name: 100, value: 10_000, values: 200, total: 100_000 } as const

/**
 * The values of placeholders in a run, fixed when it is accepted. A null value has no entry. EARTH_DATE is `2026-11-23`
 * and EARTH_TIME `14:05`, in local time. CONTACT_META_… holds the meta of the contact: `{ plan: { name: "pro" } }` is
 * CONTACT_META_plan_name and, unless that name is taken, CONTACT_META_PLAN_NAME.
 */
export function references(sources: ReferenceSources): Readonly<Record<string, string>> {
  const { contact, bot, timezone, now, channelId, effects } = sources
  const values: Record<string, string | null> = {
    ...earth(timezone, now),
    CONVERSATION_ID: channelId,
    ...(bot !== null && { BOT_ID: bot.id, BOT_NAME: bot.name, BOT_DESCRIPTION: bot.description }),
    ...(contact !== null && {
      ...metaReferences(contact.meta ?? {}),
      CONTACT_ID: contact.id,
      CONTACT_FINGERPRINT: contact.fingerprint,
      CONTACT_NAME: contact.name,
      CONTACT_DESCRIPTION: contact.description,
      CONTACT_EMAIL: contact.email,
      CONTACT_PHONE: contact.phone,
      CONTACT_NICK: contact.nick,
    }),
    ...effects.references,
  }
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(given)
}

function earth(timezone: string, now: number): Readonly<Record<string, string>> {
  const { date, time } = localTime(timezone, now)
  return { EARTH_DATE: date, EARTH_TIME: time.slice(0, 'hh:mm'.length), EARTH_TIMEZONE: timezone }
}

function metaReferences(meta: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const leaves: (readonly [name: string, value: string])[] = []
  let total = 0
  for (const [name, value] of leavesOf(meta, 'CONTACT_META')) {
    if (value.length > metaBounds.value) continue
    total += name.length + value.length
    if (leaves.length >= metaBounds.values || total > metaBounds.total) break
    leaves.push([name, value])
  }
  return Object.fromEntries([
    ...leaves.map(([name, value]) => [name.toUpperCase(), value] as const),
    // Later entries win, so a key in its original case takes precedence over the upper-case form of another.
    ...leaves,
  ])
}

/** A list is one value, as JSON, because nobody would know the indexes of its items. */
function* leavesOf(value: unknown, name: string): Generator<readonly [name: string, value: string]> {
  // Stops here, because the name of every deeper leaf would be longer still.
  if (value === null || value === undefined || name.length > metaBounds.name) return
  if (typeof value !== 'object') yield [name, String(value)]
  else if (Array.isArray(value)) yield [name, stringifyJson(value)]
  else {
    for (const [key, inner] of Object.entries(value)) {
      if (key.length <= metaBounds.name) yield* leavesOf(inner, `${name}_${key.replaceAll(/\W/g, '_')}`)
    }
  }
}
