import { type ChannelKey, nameOf } from '../kernel/ids.ts'
import type { ChannelLog, Head } from './channel.ts'
import type { Position } from './position.ts'

export interface HeadCheckOptions {
  /** Time between two checks of the heads of all followed channels. What pub/sub lost is found within two checks. */
  readonly headCheckMs: number
  /** Told when a check failed because the store could not be reached. The next check comes all the same. */
  readonly onError: (error: unknown) => void
}

interface Member {
  /** Null while the channel has no log. */
  position(): Position | null
  fallBehind(): void
}

export interface HeadCheck {
  join(key: ChannelKey, member: Member): () => void
  close(): void
}

/**
 * One check per process and tick for all followers: 10,000 heads take 23 ms. A follower must read the log when it has not
 * moved since the last check and is not at the head. A follower that moves needs no help.
 */
export function createHeadCheck(log: ChannelLog, { headCheckMs, onError }: HeadCheckOptions): HeadCheck {
  const channels = new Map<string, { readonly key: ChannelKey; readonly members: Map<Member, Position | null> }>()
  let timer: NodeJS.Timeout | null = null

  const check = async () => {
    const followed = [...channels.values()]
    const heads = await log.heads(followed.map(({ key }) => key))
    for (const [index, { members }] of followed.entries()) {
      for (const [member, before] of members) {
        const now = member.position()
        if (samePlace(before, now) && !isAt(now, heads[index] ?? null)) member.fallBehind()
        if (members.has(member)) members.set(member, now)
      }
    }
  }
  // Rescheduled when done, so that a slow store never has two checks at once. No timer runs while nobody follows.
  const schedule = () => {
    timer = setTimeout(() => {
      timer = null
      void check()
        .catch(onError)
        .finally(() => {
          if (channels.size > 0 && timer === null) schedule()
        })
    }, headCheckMs)
  }

  return {
    join(key, member) {
      const name = nameOf(key)
      const channel = channels.get(name) ?? { key, members: new Map() }
      channels.set(name, channel)
      channel.members.set(member, member.position())
      if (timer === null) schedule()
      return () => {
        channel.members.delete(member)
        if (channel.members.size === 0 && channels.get(name) === channel) channels.delete(name)
        if (channels.size === 0 && timer !== null) {
          clearTimeout(timer)
          timer = null
        }
      }
    },
    close() {
      channels.clear()
      if (timer !== null) clearTimeout(timer)
      timer = null
    },
  }
}

function samePlace(a: Position | null, b: Position | null): boolean {
  return a?.epoch === b?.epoch && a?.offset === b?.offset && a?.tag === b?.tag
}

function isAt(position: Position | null, head: Head | null): boolean {
  if (position === null || head === null) return position === null && (head === null || head.last === 0)
  if (position.epoch !== head.epoch || position.offset !== head.last) return false
  return position.tag === '' || position.tag === head.lastTag
}
