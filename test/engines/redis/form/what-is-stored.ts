import { readFileSync } from 'node:fs'
import { collect, type SeenEvent, watchWebsocket } from '../../../support/watching/watchers.ts'
import type { StoredData } from './stored-data.ts'

/** Of the processes that wrote the fixtures, and of those that read them. */
export const fixtureEnv = {
  DEFAULT_MODEL: 'demo/delayMs=0',
  LEASE_MS: '1000',
  SECRETS_KEY: 'ab'.repeat(32),
  TOKEN_SECRET: 'a-secret-of-the-fixtures-for-tokens',
}

type Service = Parameters<typeof watchWebsocket>[0]

/** What a watcher sees of a channel from its beginning, or after a cursor, to its end. */
export function seenOf(service: Service, channelId: string, after: string | null = null): Promise<SeenEvent[]> {
  return collect(watchWebsocket(service, { channelId, after }))
}

/** Channels by the state that their runs were in, and what watchers had seen of them. */
export interface Fixture {
  readonly ended: string
  readonly seen: readonly SeenEvent[]
  /** Continues the ended one. */
  readonly continued: string
  readonly waiting: string
  readonly later: string
  readonly running: string
  readonly partial: readonly { readonly cursor: string; readonly text: string }[]
  readonly data: StoredData
}

export function readFixture(form: number): Fixture {
  return JSON.parse(readFileSync(new URL(`./form-${form}.json`, import.meta.url), 'utf8')) as Fixture
}
