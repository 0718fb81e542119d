import { z } from 'zod'
import { orNull } from '../conversation/input-field.ts'
import { withOptions } from './feature-definition.ts'

const options = z
  .strictObject({ search: orNull(z.boolean()), fetch: orNull(z.boolean()) })
  .superRefine(({ search, fetch }, context) => {
    // What says neither asks for a search: that is the vendor's default.
    if (search ?? fetch === null) {
      const message = 'cannot be had: there is no search engine here, only `fetch: true`'
      context.addIssue({ code: 'custom', path: ['search'], message })
    }
  })

/** A function that reads a page of the web, through the guarded client. */
export const web = withOptions(options, ({ fetch }) => {
  if (fetch !== true) return {}
  return {
    abilities: [
      {
        name: 'fetch_web_page',
        description: 'Gets what is at a URL on the web; a page comes as Markdown.',
        instruction: '```fetch/format=markdown\n$[url!|The whole URL, with https:// or http://]\n```',
      },
    ],
  }
})
