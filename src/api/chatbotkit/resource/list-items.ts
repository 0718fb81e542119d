import { z } from '@hono/zod-openapi'
import { badInput } from '../../../kernel/errors.ts'
import { streamedResponse } from '../../streaming/streamed-response.ts'
import { asciiJson } from '../ascii-json.ts'
import type { CrudItem, ItemPage } from './crud.ts'

/** The largest page. A client reads more with the cursor. */
const longestPage = 100

/** Refuses unknown parameters: ignoring a filter would return items that the client meant to exclude. */
export function listQuery(order: 'asc' | 'desc') {
  return z.strictObject({
    cursor: z.string().optional(),
    order: z.literal(order).optional(),
    take: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .openapi({
        description: `The size of the page. Default: 20; larger than ${longestPage} counts as ${longestPage}.`,
      }),
  })
}

export interface ListRequest {
  readonly read: (from: number | null, limit: number) => Promise<ItemPage>
  readonly cursor: string | undefined
  readonly take: number | undefined
}

export async function listResponse({ read, cursor, take = 20 }: ListRequest) {
  const { items, next } = await read(placeIn(cursor), Math.min(take, longestPage))
  return { items, ...(next !== null && { cursor: cursorOf(next) }) }
}

/** Streams all items, or the first `take`, as JSON Lines, one page at a time. Reads the first page before the status is sent, so that an error still has its status. */
export async function listItems({ read, cursor, take = Number.POSITIVE_INFINITY }: ListRequest): Promise<Response> {
  const first = await read(placeIn(cursor), Math.min(take, longestPage))
  async function* lines(): AsyncGenerator<string, void> {
    let page = first
    for (let left = take - page.items.length; ; left -= page.items.length) {
      for (const item of page.items) yield line(item)
      if (page.next === null || left <= 0) return
      page = await read(page.next, Math.min(left, longestPage))
    }
  }
  // Pages are read quickly, so the stream needs no heartbeat.
  return streamedResponse(lines(), { contentType: 'application/jsonl', beat: '', beatMs: 60_000, onCancel: () => {} })
}

function line(item: CrudItem): string {
  return `${asciiJson({ type: 'item', data: item })}\n`
}

function cursorOf(place: number): string {
  return Buffer.from(String(place)).toString('base64url')
}

function placeIn(cursor: string | undefined): number | null {
  if (cursor === undefined || cursor === '') return null
  const text = Buffer.from(cursor, 'base64url').toString()
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw badInput([{ path: ['cursor'], message: 'takes the cursor of a page of this list' }])
}
