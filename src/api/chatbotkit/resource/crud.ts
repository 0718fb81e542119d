import type { z } from '@hono/zod-openapi'
import type { AccountId } from '../../../kernel/ids.ts'

/** Whose, and the ids of the path before the resource's own. */
export interface CrudPlace {
  readonly account: AccountId
  readonly parent: string
}

export interface CrudItem {
  readonly id: string
}

/** A page, and the cursor of what follows; null: nothing does. */
export interface ItemPage {
  readonly items: readonly CrudItem[]
  readonly next: number | null
}

/** What the endpoints of one kind of resource need to know of it. */
export interface CrudResource<Body extends z.ZodType, Change extends z.ZodType, View extends z.ZodType> {
  /** In paths and names: `bot`, `record`. */
  readonly noun: string
  /** Where it stands in: `dataset` for a record. */
  readonly within: string | null
  readonly createBody: Body
  readonly updateBody: Change
  readonly view: View
  /** In which lists are; the other one is refused. */
  readonly order: 'asc' | 'desc'
  /** Answers with the id. */
  create(place: CrudPlace, body: z.output<Body>): Promise<CrudItem>
  update(place: CrudPlace, id: string, body: z.output<Change>): Promise<CrudItem>
  /** Null where there is none. */
  find(place: CrudPlace, id: string): Promise<z.output<View> | null>
  page(place: CrudPlace, from: number | null, limit: number): Promise<ItemPage>
  remove(place: CrudPlace, id: string): Promise<void>
}
