import { z } from '@hono/zod-openapi'
import { badInput } from '../../../kernel/errors.ts'
import { asciiJson } from '../ascii-json.ts'
import { textStream } from '../stream/text-stream.ts'
import type { CrudItem, ItemPage } from './crud.ts'

/** How many come at once at most; more are asked for by the cursor. */
const longestPage = 100

/** An unknown parameter is refused: what it was to leave out would be in the list. */
export function listQuery(order: 'asc' | 'desc') {
  return z.strictObject({
    cursor: z.string().optional(),
    order: z.literal(order).optional(),
    take: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .openapi({ description: `Default 20; ${longestPage} come at once.` }),
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

/** All of them as JSON Lines, or as many as were asked for, a page at a time. The first is read before the status is out. */
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
  // A page is quick: there is nothing to wait for, and nothing to keep alive.
  const body = textStream(lines(), { beat: '', beatMs: 60_000, onCancel: () => {} })
  return new Response(body, { headers: { 'content-type': 'application/jsonl' } })
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
