import type { z } from '@hono/zod-openapi'
import type { AccountId } from '../../../kernel/ids.ts'

/** The account, and the id of the parent in the path; empty if there is no parent. */
export interface CrudPlace {
  readonly account: AccountId
  readonly parent: string
}

export interface CrudItem {
  readonly id: string
}

/** A page. `next` is the cursor of the next page; null: this is the last one. */
export interface ItemPage {
  readonly items: readonly CrudItem[]
  readonly next: number | null
}

/** What the endpoints need to know about one kind of resource. */
export interface CrudResource<Body extends z.ZodType, Change extends z.ZodType, View extends z.ZodType> {
  /** The noun in paths and operation names: `bot`, `record`. */
  readonly noun: string
  /** The kind of the parent: `dataset` for a record. Null: no parent. */
  readonly within: string | null
  readonly createBody: Body
  readonly updateBody: Change
  readonly view: View
  /** The order of lists. A request for the other order is refused. */
  readonly order: 'asc' | 'desc'
  /** Returns the id of the new resource. */
  create(place: CrudPlace, body: z.output<Body>): Promise<CrudItem>
  update(place: CrudPlace, id: string, body: z.output<Change>): Promise<CrudItem>
  /** Null if the account has no such resource. */
  find(place: CrudPlace, id: string): Promise<z.output<View> | null>
  page(place: CrudPlace, from: number | null, limit: number): Promise<ItemPage>
  remove(place: CrudPlace, id: string): Promise<void>
}
