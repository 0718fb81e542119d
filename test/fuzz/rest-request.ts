import fc, { type GeneratorValue } from 'fast-check'
import { anyText } from './any-text.ts'

interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
}

interface OpenApiOperation {
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>> }
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonSchema>> }
}

export interface FuzzedRequest {
  readonly method: string
  readonly path: string
  /** Null where the operation takes none. */
  readonly body: string | null
}

const oddities: readonly unknown[] = [null, '', '\u0000', '\ud800', '__proto__', -1, 2 ** 53, true, [], [[]], {}]

/** Draws requests to the operations of the document: most are valid, some nearly. */
export function restRequest(document: OpenApi, ids: readonly string[]) {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => ({ path, method, operation })),
  )
  return (g: GeneratorValue): FuzzedRequest => {
    // By number: fast-check compares what it is given deeply. The list is never empty.
    const one = <Value>(values: readonly Value[]): Value => values[g(fc.nat, { max: values.length - 1 })] as Value
    const value = (schema: JsonSchema, depth: number): unknown => {
      if (g(fc.nat, { max: 11 }) === 0) return one(oddities)
      const named = schema.$ref?.split('/').at(-1)
      if (named !== undefined) return value(document.components?.schemas?.[named] ?? {}, depth)
      const choices = schema.anyOf ?? schema.oneOf
      if (choices !== undefined && choices.length > 0) return value(one(choices), depth)
      if (schema.enum !== undefined) return one(schema.enum)
      switch (typeof schema.type === 'string' ? schema.type : schema.type?.[0]) {
        case 'object':
          return Object.fromEntries(
            Object.entries(schema.properties ?? {})
              .filter(([name]) => schema.required?.includes(name) || (depth < 4 && g(fc.nat, { max: 3 }) === 0))
              .map(([name, each]) => [name, value(each, depth + 1)]),
          )
        case 'array':
          return Array.from({ length: g(fc.nat, { max: 2 }) }, () => value(schema.items ?? {}, depth + 1))
        case 'integer':
        case 'number':
          return g(fc.integer, { min: -5, max: 200 })
        case 'boolean':
          return g(fc.boolean)
        default:
          return g(fc.nat, { max: 3 }) === 0 ? one(ids) : g(anyText, 40)
      }
    }
    const { path, method, operation } = one(operations)
    const filled = path.replace(/\{[^}]+\}/g, () => encodeURIComponent(one(ids)))
    const schema = operation.requestBody?.content?.['application/json']?.schema
    const text = schema === undefined ? null : JSON.stringify(value(schema, 0))
    const cut = text !== null && g(fc.nat, { max: 20 }) === 0
    return {
      method: method.toUpperCase(),
      path: filled,
      body: cut ? text.slice(0, g(fc.nat, { max: text.length })) : text,
    }
  }
}
