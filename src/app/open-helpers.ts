import { bounds } from '../config/bounds.ts'
import { prepareCompiler } from '../conversation/schema/compiler.ts'
import { createSchemaChecks, type SchemaChecks } from '../conversation/schema/schema-checks.ts'
import type { PageHelper } from '../extensions/content/page-text.ts'
import { createOpenSearch, type OpenSearch } from '../extensions/dataset/helped-search.ts'
import { createInstructionReader, type InstructionReader } from '../extensions/instruction/instruction-reader.ts'
import { startHelper } from '../kernel/helpers/helper.ts'
import { type Asking, createHelperPool } from '../kernel/helpers/pool.ts'
import { createIds } from '../kernel/ids.ts'
import type { Lifecycle } from '../kernel/lifecycle.ts'
import type { Tell } from '../kernel/news.ts'
import { randomText } from '../kernel/random-text.ts'
import type { HelperJobs } from './helper-jobs.ts'

/** Work that nobody can bound beforehand. Helper processes do it and are ended when it takes too much time or memory. */
export interface Helpers {
  readonly checks: SchemaChecks
  readonly instructions: InstructionReader
  readonly pageText: PageHelper
  readonly openSearch: OpenSearch
}

// Sources run as they are; the package has them compiled.
const entry = new URL(import.meta.url.endsWith('.ts') ? '../helper.ts' : '../helper.js', import.meta.url)

export function openHelpers({ lifecycle, tell }: { readonly lifecycle: Lifecycle; readonly tell: Tell }): Helpers {
  const { memoryMb, graceMs, ...turns } = bounds.helpers
  const { nonce } = createIds(randomText)
  prepareCompiler()
  const pool = createHelperPool({ start: () => startHelper({ entry, memoryMb, graceMs }), tell, ...turns })
  lifecycle.onClose(() => pool.close())
  const run = async <Name extends keyof HelperJobs>(
    name: Name,
    input: Parameters<HelperJobs[Name]>[0],
    asking: Asking,
  ): Promise<Awaited<ReturnType<HelperJobs[Name]>>> =>
    // The helper has the same table.
    (await pool.run(name, input, asking)) as Awaited<ReturnType<HelperJobs[Name]>>
  return {
    checks: createSchemaChecks({
      problem: (account, schema, budget) => run('read-schema', { schema }, { account, budget }),
      mismatch: (account, schema, value, budget) => run('check-arguments', { schema, value }, { account, budget }),
    }),
    instructions: createInstructionReader((account, text, budget) =>
      run('read-instruction', { text }, { account, budget }),
    ),
    pageText: (page, asking) => run('read-page', page, asking),
    openSearch: createOpenSearch((ask, asking) => run('search-datasets', ask, asking), nonce),
  }
}
