import { type Budget, OutOfBudget } from '../../kernel/helpers/budget.ts'
import { FetchFailed } from '../safe-fetch/fault.ts'

/** `markdown`: with headings and links. */
export type PageForm = 'text' | 'markdown'

/** Turns a page into text. Throws FetchFailed if that takes too long. */
export type PageText = (html: string, form: PageForm) => Promise<string>

/** Does so where it can be ended. Throws OutOfBudget. */
export type PageHelper = (
  page: { readonly html: string; readonly form: PageForm },
  asking: { readonly account: string; readonly budget: Budget; readonly signal: AbortSignal },
) => Promise<string>

/** The time for the page of one call of an ability, which has 500 KB at most; that takes half a second. */
export const abilityPageMs = 5000

export function createPageText(help: PageHelper, asking: Parameters<PageHelper>[1]): PageText {
  return async (html, form) => {
    try {
      return await help({ html, form }, asking)
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error
      throw new FetchFailed(`The page is too complicated: it takes too much ${error.what} to turn into text.`)
    }
  }
}
