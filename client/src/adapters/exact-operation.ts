import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  print,
} from 'graphql'
import type { Transport } from '../connection/transport.ts'
import type { BackchannelError } from '../errors.ts'
import { isEnding } from '../events.ts'
import { follow } from '../watching/follow.ts'

interface Operation {
  readonly query: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
}

interface ResultSink {
  next(data: Readonly<Record<string, unknown>>): void
  done(error: BackchannelError | null): void
}

type Event = Readonly<Record<string, unknown>>

/** Names that nobody else uses: they are added to what is asked, and taken out of what comes. */
const [cursorAlias, typeAlias] = ['backchannelCursor', 'backchannelType']

/**
 * Follows a subscription to `channelEvents` exactly, whatever it selects. Null if the operation is something else, which
 * somebody else is to answer. The function that it returns begins, and returns one that ends it.
 */
export function followOperation(subscribe: Transport, { query, variables }: Operation) {
  const operation = query.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION)
  const field = operation?.selectionSet.selections.find(
    (each): each is FieldNode => each.kind === Kind.FIELD && each.name.value === 'channelEvents',
  )
  if (operation?.operation !== 'subscription' || field === undefined) return null
  const key = field.alias?.value ?? field.name.value
  const marked = withMarks(field)
  const after = asVariable(operation, marked, { name: 'after', type: 'Cursor' })
  const last = asVariable(after.operation, after.field, { name: 'last', type: 'Int' })
  const changed = { ...last.operation, selectionSet: { kind: Kind.SELECTION_SET, selections: [last.field] } } as const
  const document = print({
    ...query,
    definitions: query.definitions.map((each) => (each === operation ? changed : each)),
  })
  const given = { ...after.values, ...last.values, ...variables }

  return (sink: ResultSink): (() => void) =>
    follow<Readonly<Record<string, Event>>>(subscribe, {
      channelId: String(argumentValue(field, 'channelId', variables)),
      after: null,
      query: document,
      // Where it was to begin at first holds for the beginning only.
      variables: (cursor) => (cursor === null ? given : { ...given, [after.variable]: cursor, [last.variable]: null }),
      read(data) {
        const event = data[key] ?? {}
        return { cursor: String(event[cursorAlias]), isLast: isEnding({ __typename: event[typeAlias] }) }
      },
      next(data) {
        const { [cursorAlias]: _cursor, [typeAlias]: _type, ...event } = data[key] ?? {}
        sink.next({ ...data, [key]: event })
      },
      connected: () => {},
      done: sink.done,
    })
}

const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const
const argumentOf = ({ arguments: all = [] }: FieldNode, name: string) => all.find((each) => each.name.value === name)

function argumentValue(field: FieldNode, name: string, variables: Operation['variables']): unknown {
  const value = argumentOf(field, name)?.value
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value]
  return value !== undefined && 'value' in value ? value.value : null
}

/** Asks for the place and the kind of each event too. */
function withMarks(field: FieldNode): FieldNode {
  const mark = (name: string, alias: string) =>
    ({ kind: Kind.FIELD, name: nameNode(name), alias: nameNode(alias) }) as const
  const selections = [
    ...(field.selectionSet?.selections ?? []),
    mark('cursor', cursorAlias),
    mark('__typename', typeAlias),
  ]
  return { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections } }
}

/** The operation with an argument of the field as a variable: its own, or one that is added with what the argument said. */
function asVariable(
  operation: OperationDefinitionNode,
  field: FieldNode,
  { name, type }: { name: string; type: string },
) {
  const known = argumentOf(field, name)?.value
  if (known?.kind === Kind.VARIABLE) return { operation, field, variable: known.name.value, values: {} }
  const variable = `backchannel_${name}`
  const node = { kind: Kind.VARIABLE, name: nameNode(variable) } as const
  const added: ArgumentNode = { kind: Kind.ARGUMENT, name: nameNode(name), value: node }
  const others = (field.arguments ?? []).filter((each) => each.name.value !== name)
  const definition = {
    kind: Kind.VARIABLE_DEFINITION,
    variable: node,
    type: { kind: Kind.NAMED_TYPE, name: nameNode(type) },
  } as const
  const literal = argumentValue(field, name, {})
  return {
    operation: { ...operation, variableDefinitions: [...(operation.variableDefinitions ?? []), definition] },
    field: { ...field, arguments: [...others, added] },
    variable,
    values: { [variable]: name === 'last' && literal !== null ? Number(literal) : literal },
  }
}
