import type { CodegenConfig } from '@graphql-codegen/cli'
import { printSchema } from 'graphql'
import { schema } from './src/api/graphql/schema.ts'

const scalars = {
  ID: 'string',
  Cursor: 'string',
  DateTime: 'string',
  JSONObject: 'Readonly<Record<string, unknown>>',
}

/** Prints schema.graphql from the Pothos builder, and types the operations of the client, the console and the examples. No Redis needed. */
const config: CodegenConfig = {
  schema: printSchema(schema),
  generates: {
    'schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true } },
    'client/src/generated/operations.ts': {
      documents: ['client/src/documents.ts'],
      plugins: ['typescript-operations'],
      config: {
        useTypeImports: true,
        immutableTypes: true,
        scalars: { ...scalars, JSON: 'unknown', TimeZone: 'string' },
      },
    },
    'console/src/generated/operations.ts': {
      documents: ['console/src/**/*.graphql'],
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        useTypeImports: true,
        immutableTypes: true,
        documentMode: 'string',
        scalars: { ...scalars, JSON: 'unknown', TimeZone: 'string' },
      },
    },
    'examples/generated/operations.ts': {
      documents: ['examples/**/*.graphql'],
      plugins: ['typescript-operations', 'typed-document-node'],
      config: { useTypeImports: true, immutableTypes: true, scalars },
    },
  },
}

export default config
