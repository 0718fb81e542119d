import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { accountIsFull } from '../../../dispatch/limits/stored-bytes.ts'
import {
  type Line,
  type LineDueList,
  type LinePlace,
  type Lines,
  lineBounds,
  lineTimings,
  type Wish,
} from '../../../dispatch/line/line.ts'
import type { TranscriptPlace } from '../../../dispatch/line/transcripts.ts'
import type { AccountId, ChannelId, ConversationId, ConversationKey } from '../../../kernel/ids.ts'
import { decodePlace, encodePlace, holderOf } from '../../transcript.ts'
import { rethrowRedis } from '../connection.ts'
import { channelKeys, conversationsKey, ledgerKeys, lineDueKey, lineKeys, transcriptKeys } from '../keys.ts'
import { ledgerLua } from '../limits/ledger-script.ts'
import { removalOf } from '../lists/dispatch-index.ts'
import { fieldsOfHash } from '../run/run-fields.ts'
import { createDueListAt } from '../schedule/due-list.ts'
import { defineKeyedScript, type NamedKeys } from '../script-keys.ts'

export interface LineOptions {
  /** Of the account; 0: no limit. */
  readonly accountBytes: number
  /** How long an empty line is kept. */
  readonly keepSeconds: number
}

/**
 * Each method is one script that writes to one conversation's keys. What moves the line on asks for the run and the list, too: see settle.lua. The account's
 * list of conversations is another key, which the next change mends.
 */
export function createRedisLines(redis: Redis, { accountBytes, keepSeconds }: LineOptions): Lines {
  const lineLua = textOf('line')
  const script = (name: string) => {
    const lua = [ledgerLua, lineLua, textOf(name)].join('\n')
    return defineKeyedScript(redis, { name: `backchannel-line-${name}`, lua, keys: scriptKeys })
  }
  const [read, join, leave] = [script('read'), script('join'), script('leave')]
  const [branch, settle] = [script('branch'), script('settle')]
  const [close, remove] = [script('close'), script('remove')]
  const keepMs = keepSeconds * 1000
  const unlist = removalOf(redis)
  /** Names it in the account's list, as changed now. */
  const list = ({ account, conversation }: ConversationKey, at: number) =>
    redis.zadd(conversationsKey(account), 'GT', at, conversation).catch(rethrowRedis)
  /** To the list that the conversation stands on from now on, if there is one. */
  const moveOn = (
    script: typeof settle,
    key: ConversationKey,
    { channel, ticket }: Pick<LinePlace, 'channel' | 'ticket'>,
    transcript: TranscriptPlace | null,
  ) => {
    const to = transcript === null ? '' : encodePlace(transcript)
    const args = [channel, ticket, to, keepMs, holderOf(key), (transcript?.length ?? 0) - 1]
    return script({ ...key, channel, root: transcript?.root ?? holderOf(key) }, args)
  }

  return {
    async find(keys) {
      const replies = await Promise.all(keys.map((key) => read(key, [])))
      return keys.map((key, index) => decodeLine(key, replies[index] as [string[], string[]]))
    },

    async join(key, { channel, ticket, isRejoin, rejects, wish, upTo, contactId }) {
      const reply = await join(key, [
        channel,
        ticket,
        isRejoin ? 1 : 0,
        rejects ? 1 : 0,
        contactId ?? '',
        lineBounds.places,
        lineBounds.dispatches,
        accountBytes,
        nameOfLine(key),
        lineTimings.lookMs,
        keepMs,
        wish ?? '-',
        upTo ?? '',
      ])
      const [outcome, known = '', at] = reply as [JoinOutcome, string, string]
      if (outcome === 'account-full') throw accountIsFull()
      if (outcome !== 'joined') return { outcome }
      const joinedAt = Number(at)
      await list(key, joinedAt)
      return { outcome, ticket: known, joinedAt }
    },

    async leave(key, { channel, ticket, leastAgeMs, unlessShared, forgets }) {
      const args = [channel, ticket, leastAgeMs, unlessShared ? 1 : 0, keepMs, forgets ? 1 : 0]
      return (await leave(key, args)) === 1
    },

    async close(key) {
      // The script returns one of these.
      return (await close(key, [nameOfLine(key), lineTimings.lookMs])) as 'closed' | 'not-ended' | 'absent'
    },

    async remove(key) {
      const updatedAt = (await remove(key, [nameOfLine(key)])) as string
      if (updatedAt === '') return
      await unlist([conversationsKey(key.account)], [{ name: key.conversation, at: Number(updatedAt) }])
    },

    async branch(key, place, transcript) {
      return (await moveOn(branch, key, place, transcript)) === 1
    },

    async settle(key, place, transcript) {
      const at = (await moveOn(settle, key, place, transcript)) as string
      if (at === '') return false
      await list(key, Number(at))
      return true
    },
  }
}

/** A conversation, and of scripts that move it on the dispatch and the list. */
type LineAt = ConversationKey & { readonly channel?: ChannelId; readonly root?: string }

const scriptKeys: NamedKeys<LineAt> = {
  topic: (key) => lineKeys(key).topic,
  line: (key) => lineKeys(key).line,
  places: (key) => lineKeys(key).places,
  members: (key) => lineKeys(key).members,
  held: ({ account }) => ledgerKeys(account).held,
  ends: ({ account }) => ledgerKeys(account).ends,
  due: () => lineDueKey,
  run: ({ account, channel = '' as ChannelId }) => channelKeys({ account, channel }).run,
  segments: ({ account, root = '' }) => transcriptKeys(account, root).segments,
  holders: ({ account, root = '' }) => transcriptKeys(account, root).holders,
}

/** As `createRedisDueList`, of conversations. */
export function createRedisLineDueList(redis: Redis): LineDueList {
  return createDueListAt<ConversationKey>(
    redis,
    lineDueKey,
    ({ account, name }) => ({ account, conversation: name as ConversationId }),
    nameOfLine,
  )
}

type JoinOutcome = 'joined' | 'busy' | 'full' | 'account-full' | 'settled' | 'closed'

function textOf(name: string): string {
  return readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8')
}

function nameOfLine({ account, conversation }: ConversationKey): `${AccountId}/${ConversationId}` {
  return `${account}/${conversation}`
}

function decodeLine(key: ConversationKey, [flat, places]: readonly [string[], string[]]): Line | null {
  const fields = fieldsOfHash(flat)
  const { createdAt, updatedAt, contactId, transcript, closed } = fields
  if (createdAt === undefined) return null
  return {
    key,
    createdAt: Number(createdAt),
    updatedAt: Number(updatedAt),
    contactId: contactId ?? null,
    places: places.map((text) => decodeLinePlace(text, fields)),
    transcript: transcript === undefined ? null : decodePlace(transcript),
    isClosed: closed === '1',
  }
}

function decodeLinePlace(text: string, fields: Readonly<Record<string, string>>): LinePlace {
  const [channel = '', ticket = '', joinedAt, wish] = text.split(' ')
  // Written by join.lua.
  return {
    channel: channel as ChannelId,
    ticket,
    joinedAt: Number(joinedAt),
    wish: wish === '-' ? null : (wish as Wish),
    upTo: fields[`upTo ${channel}`] ?? null,
  }
}
