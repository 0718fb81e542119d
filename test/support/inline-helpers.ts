import { createHelperJobs } from '../../src/app/helper-jobs.ts'
import { createSchemaChecks, type SchemaChecks } from '../../src/conversation/schema/schema-checks.ts'
import { createPageText, type PageHelper, type PageText } from '../../src/extensions/content/page-text.ts'
import type { OpenSearch } from '../../src/extensions/dataset/helped-search.ts'
import { createDatasetSearch } from '../../src/extensions/dataset/search.ts'
import { createInstructionReader, type InstructionReader } from '../../src/extensions/instruction/instruction-reader.ts'

const jobs = createHelperJobs()

/** The jobs of helper processes, done here: for tests of what uses them. */
export const inlineChecks: SchemaChecks = createSchemaChecks({
  problem: async (_account, schema) => jobs['read-schema']({ schema }),
  mismatch: async (_account, schema, value) => jobs['check-arguments']({ schema, value }),
})

export const inlineInstructions: InstructionReader = createInstructionReader(async (_account, text) =>
  jobs['read-instruction']({ text }),
)

export const inlinePages: PageHelper = async (page) => jobs['read-page'](page)

export const inlinePageText: PageText = createPageText(inlinePages, {
  account: 'acme',
  budget: { leftMs: 1000 },
  signal: new AbortController().signal,
})

export const inlineSearch: OpenSearch = (_account, datasets) => createDatasetSearch(datasets)

/** An attachment to fetch, with time enough. */
export function toFetch(url: string) {
  return { url, account: 'acme', budget: { leftMs: 1000 } }
}
