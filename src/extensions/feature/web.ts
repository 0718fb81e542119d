import { z } from 'zod'
import { orNull } from '../../conversation/input/field.ts'

const noSearchEngine = 'there is no search engine here: take {"search": false, "fetch": true}'

/**
 * Without either option the compatible API enables search, which we do not have; so the absence of both is refused too.
 */
export const webOptions = z
  .strictObject({ search: orNull(z.boolean()), fetch: orNull(z.boolean()) })
  .superRefine(({ search, fetch }, context) => {
    if (search === true) context.addIssue({ code: 'custom', path: ['search'], message: noSearchEngine })
    else if (fetch !== true) {
      context.addIssue({ code: 'custom', path: ['fetch'], message: `takes true; ${noSearchEngine}` })
    }
  })

export const webAbility = {
  name: 'fetch',
  description:
    'Fetches a page or file of the web and gives its text, HTML as Markdown. It takes public addresses only.',
  instruction: '```fetch/format=markdown\nurl: $[url! ys|the whole address, beginning with https:// or http://]\n```',
}
