import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: object
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >
}

export interface AnswerSchemas {
  /** As `post /bot/create`. */
  readonly operations: readonly string[]
  /** What is wrong with an answer of the operation by the document; null: nothing. */
  problemOf(operation: string, response: Response, text: string): string | null
}

/** The response schemas of an OpenAPI document. An object may have no field that the document does not tell. */
export function createAnswerSchemas(document: Document): AnswerSchemas {
  const { paths, components } = closed(document) as Document
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema({ $id: 'document', components })
  const validators = new Map<object, ValidateFunction>()
  const validatorOf = (schema: object): ValidateFunction => {
    const known = validators.get(schema) ?? ajv.compile(absolute(schema) as object)
    validators.set(schema, known)
    return known
  }

  return {
    operations: Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((one) => `${one} ${path}`)),
    problemOf(operation, { status, headers }, text) {
      const [method = '', path = ''] = operation.split(' ')
      const documented = paths[path]?.[method]?.responses[status]
      if (documented === undefined) return `${operation} is not documented to answer ${status}: ${text}`
      const type = (headers.get('content-type') ?? '').split(';')[0] ?? ''
      if (documented.content === undefined) return text === '' ? null : `${operation} ${status} has a body: ${text}`
      const schema = documented.content[type]?.schema
      if (schema === undefined) return `${operation} is not documented to answer ${status} as ${type}: ${text}`
      const validate = validatorOf(schema)
      if (validate(type.endsWith('json') ? JSON.parse(text) : text)) return null
      return `${operation} ${status}: ${ajv.errorsText(validate.errors)}: ${text}`
    },
  }
}

/** Objects whose properties are told, and that say nothing of others, have no others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) => [name, closed(inner)])
  const isOpen =
    'properties' in value && 'type' in value && value.type === 'object' && !('additionalProperties' in value)
  return Object.fromEntries(isOpen ? [...entries, ['additionalProperties', false]] : entries)
}

/** References as they are from outside of the document. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string' ? inner.replace(/^#/, 'document#') : absolute(inner),
    ]),
  )
}
