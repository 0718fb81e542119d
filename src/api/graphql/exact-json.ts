import { GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { withRawNumbers } from '../../kernel/json.ts'

/**
 * The same scalar with all digits of whole numbers: in answers, over every transport, because these write what they are given
 * with `JSON.stringify`; and in literals. Variables are read with all digits where each transport parses them.
 */
export function exactJson(scalar: GraphQLScalarType): GraphQLScalarType {
  const config = scalar.toConfig()
  return new GraphQLScalarType({
    ...config,
    serialize: (value) => withRawNumbers(config.serialize(value)),
    parseLiteral: (node, variables) => exactLiteral(node, config.parseLiteral(node, variables ?? {})),
  })
}

/** The parsed literal, with its whole numbers as they stand in the document. Refuses words without quotes, which the scalar would drop. */
function exactLiteral(node: ValueNode, parsed: unknown): unknown {
  if (node.kind === Kind.ENUM) throw new TypeError(`${node.value} is no JSON. Write a text in quotes.`)
  if (node.kind === Kind.INT) return Number.isSafeInteger(parsed) ? parsed : BigInt(node.value)
  if (node.kind === Kind.LIST && Array.isArray(parsed)) {
    return node.values.map((each, index) => exactLiteral(each, parsed[index]))
  }
  if (node.kind !== Kind.OBJECT || typeof parsed !== 'object' || parsed === null) return parsed
  const inner = parsed as Readonly<Record<string, unknown>>
  const fields = node.fields.map(({ name, value }) => [name.value, exactLiteral(value, inner[name.value])] as const)
  return Object.fromEntries(fields)
}
