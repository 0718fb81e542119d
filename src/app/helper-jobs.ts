import { compileJsonSchema } from '../conversation/schema/json-schema.ts'
import type { SchemaProblem } from '../conversation/schema/schema-problem.ts'
import type { Schema } from '../conversation/schema/walk.ts'
import { htmlToMarkdown, htmlToText } from '../extensions/content/html.ts'
import type { PageForm } from '../extensions/content/page-text.ts'
import { createKeptSearch } from '../extensions/dataset/kept-search.ts'
import { compileInstruction, type InstructionResult } from '../extensions/instruction/instruction.ts'

/**
 * The jobs of a helper process: work of libraries on what callers, models and web pages have written. Each takes and gives
 * plain data.
 */
export function createHelperJobs() {
  return {
    'read-schema': ({ schema }: { readonly schema: Schema }): SchemaProblem | null => {
      const compiled = compileJsonSchema(schema)
      return 'check' in compiled ? null : compiled
    },
    'check-arguments': ({ schema, value }: { readonly schema: Schema; readonly value: unknown }): string | null => {
      const compiled = compileJsonSchema(schema)
      return 'check' in compiled ? compiled.check(value) : compiled.problem
    },
    'read-instruction': ({ text }: { readonly text: string }): InstructionResult => compileInstruction(text),
    'read-page': ({ html, form }: { readonly html: string; readonly form: PageForm }): string =>
      form === 'markdown' ? htmlToMarkdown(html) : htmlToText(html),
    'search-datasets': createKeptSearch(),
  }
}

export type HelperJobs = ReturnType<typeof createHelperJobs>
