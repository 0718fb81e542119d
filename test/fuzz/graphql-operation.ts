import fc, { type GeneratorValue } from 'fast-check'
import {
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql'
import { anyText } from './any-text.ts'

export interface FuzzedOperation {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Values that no one expects; one in twelve of all values is one. */
const oddities: readonly unknown[] = [
  null,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '__proto__',
  '${X}',
  '../../etc',
  'é'.repeat(200),
  -1,
  0,
  2 ** 53,
  1e308,
  true,
  [],
  [[]],
  {},
  { __proto__: null, constructor: 1 },
]

type Kind = 'query' | 'mutation' | 'subscription'

/** Draws operations of the schema: most are valid, some nearly. `ids` are what ID arguments are drawn from. */
export function graphqlOperation(schema: GraphQLSchema, ids: readonly string[], kinds: readonly [Kind, ...Kind[]]) {
  return (g: GeneratorValue): FuzzedOperation => {
    const kind = kinds[g(fc.nat, { max: kinds.length - 1 })] ?? kinds[0]
    const types = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    }
    const type = types[kind]
    if (type == null) throw new Error(`The schema has no ${kind}.`)
    const definitions: string[] = []
    const variables: Record<string, unknown> = {}
    // By number: fast-check compares what it is given deeply, and the schema has no end.
    // The list is never empty.
    const one = <Value>(values: readonly Value[]): Value => values[g(fc.nat, { max: values.length - 1 })] as Value

    const value = (input: GraphQLInputType, depth: number): unknown => {
      if (g(fc.nat, { max: 11 }) === 0) return one(oddities)
      if (isNonNullType(input)) return value(input.ofType, depth)
      if (isListType(input)) {
        return Array.from({ length: g(fc.nat, { max: 2 }) }, () => value(input.ofType, depth + 1))
      }
      if (isEnumType(input)) return one(input.getValues()).name
      if (isInputObjectType(input)) {
        const fields = Object.values(input.getFields()).filter(
          (field) => isNonNullType(field.type) || (depth < 4 && g(fc.nat, { max: 3 }) === 0),
        )
        return Object.fromEntries(fields.map((field) => [field.name, value(field.type, depth + 1)]))
      }
      if (input.name === 'Int') return g(fc.integer, { min: -5, max: 200 })
      if (input.name === 'Float') return g(fc.double)
      if (input.name === 'Boolean') return g(fc.boolean)
      if (input.name === 'ID') return one([...ids, g(fc.string)])
      return g(anyText, 40)
    }
    const args = (field: FieldLike): string => {
      const given = field.args.filter(({ type: each }) => isNonNullType(each) || g(fc.boolean))
      if (given.length === 0 || g(fc.nat, { max: 40 }) === 0) return ''
      const parts = given.map((arg) => {
        const name = `v${definitions.length}`
        definitions.push(`$${name}: ${arg.type}`)
        variables[name] = value(arg.type, 0)
        return `${arg.name}: $${name}`
      })
      return `(${parts.join(' ')})`
    }
    const selections = (output: GraphQLOutputType, depth: number): string => {
      const named = getNamedType(output)
      if (isUnionType(named) || isInterfaceType(named)) {
        const possible = schema.getPossibleTypes(named)
        const member = one(possible)
        return `{ __typename ... on ${member.name} ${selections(member, depth)} }`
      }
      if (!isObjectType(named)) return ''
      const fields = Object.values(named.getFields()).filter(
        ({ type: each }) => depth < 4 || !isObjectType(getNamedType(each)),
      )
      const drawn = fields.filter(() => g(fc.nat, { max: 2 }) === 0).slice(0, 6)
      const texts = drawn.map((field) => {
        const alias = g(fc.nat, { max: 8 }) === 0 ? `a${g(fc.nat, { max: 3 })}: ` : ''
        return `${alias}${field.name}${args(field)} ${selections(field.type, depth + 1)}`
      })
      return `{ __typename ${texts.join(' ')} }`
    }
    const root = one(Object.values(type.getFields()))
    const body = `{ ${root.name}${args(root)} ${selections(root.type, 1)} }`
    const header = definitions.length === 0 ? '' : `(${definitions.join(', ')})`
    const text = `${kind} ${header} ${body}`
    // Now and then a text that is none: cut, or with a character too many.
    const at = g(fc.nat, { max: text.length })
    const query = one([text, text, text, text, text, text.slice(0, at), `${text.slice(0, at)}"${text.slice(at)}`])
    return { query, variables }
  }
}

interface FieldLike {
  readonly args: readonly { readonly name: string; readonly type: GraphQLInputType }[]
}
