import type { CodegenConfig } from '@graphql-codegen/cli'
import { printSchema } from 'graphql'
import { schema } from './src/api/graphql/schema.ts'

/** Prints schema.graphql from the Pothos builder, and types the operations of the examples. No Redis needed. */
const config: CodegenConfig = {
  schema: printSchema(schema),
  documents: ['examples/**/*.graphql'],
  generates: {
    'schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true } },
    'examples/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        useTypeImports: true,
        immutableTypes: true,
        scalars: {
          ID: 'string',
          Cursor: 'string',
          DateTime: 'string',
          JSONObject: 'Readonly<Record<string, unknown>>',
        },
      },
    },
  },
}

export default config
