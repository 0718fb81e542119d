import type { CodegenConfig } from '@graphql-codegen/cli'
import { printSchema } from 'graphql'
import { schema } from './src/schema/index.ts'

/** Prints schema.graphql from the Pothos builder, and types the operations of tests, bench and examples. No Redis needed. */
const config: CodegenConfig = {
  schema: printSchema(schema),
  documents: ['test/**/*.graphql', 'examples/**/*.graphql'],
  ignoreNoDocuments: true,
  generates: {
    'schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true } },
  },
}

export default config
