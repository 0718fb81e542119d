import type { Socket } from 'node:net'
import { type DocumentNode, type ExecutionArgs, execute, Kind, visit } from 'graphql'
import { isPromise } from 'graphql-yoga'
import type { WebSocket } from 'ws'
import type { Principal } from '../../../../access/principal.ts'
import { textFrames } from './text-frames.ts'

/**
 * Sends what a publication brings to a subscription that waits for it, past the layers through which a subscription is pulled.
 * `published` is the same object for all readers of the publication; `roots` makes the root value of each event. False: nothing
 * was sent, and the subscription must pull it.
 */
export type SendDirectly = (published: object, roots: () => readonly unknown[]) => boolean

export interface DirectSubscription {
  readonly id: string
  readonly principal: Principal
  readonly websocket: WebSocket
  readonly tcp: Socket
}

/** Of what is sent directly. What is longer is sent in turn, with all that bounds it. UTF-16 code units. */
const longestText = 65_536
const longestVariables = 1000

/** What readers whose operations are equal get of one publication; null: they must pull it. */
interface Shared {
  readonly results: readonly string[] | null
  /** As frames of the subscription that came last: most clients number theirs alike. */
  frames: { readonly id: string; readonly bytes: Buffer } | null
}

const sharedOf = new WeakMap<object, Map<string, Shared>>()

/**
 * Executes each event once for all whose operation, variables and view are equal. Sends only where the socket has taken all that was
 * sent before, so a client that does not read holds nothing that others do not share. `operation` is null until it has begun.
 */
export function createDirectEvents(
  { id, principal, websocket, tcp }: DirectSubscription,
  operation: () => ExecutionArgs | null,
): SendDirectly {
  let key: string | null = null
  return (published, roots) => {
    if (websocket.readyState !== websocket.OPEN || tcp.destroyed || tcp.writableLength > 0) return false
    const args = operation()
    if (args === null) return false
    key ??= keyOf(args, principal)
    if (key.length > longestVariables) return false
    const ofPublication = sharedOf.get(published) ?? new Map<string, Shared>()
    sharedOf.set(published, ofPublication)
    const shared = ofPublication.get(key) ?? { results: resultsOf(args, roots()), frames: null }
    ofPublication.set(key, shared)
    if (shared.results === null) return false
    if (shared.frames?.id !== id) {
      const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
      shared.frames = { id, bytes: textFrames(shared.results.map((result) => `${head}${result}}`)) }
    }
    if (shared.frames.bytes.byteLength > 0) tcp.write(shared.frames.bytes)
    return true
  }
}

/** Null when a result has errors, comes later or is long. */
function resultsOf(args: ExecutionArgs, roots: readonly unknown[]): readonly string[] | null {
  const results: string[] = []
  let length = 0
  for (const rootValue of roots) {
    const result = execute({ ...args, rootValue })
    if (isPromise(result) || result.errors !== undefined) return null
    const text = JSON.stringify(result)
    results.push(text)
    length += text.length
    if (length > longestText) return null
  }
  return results
}

/** Equal for two operations that make the same of an event. No field of an event looks at more of its reader than the view. */
function keyOf({ document, operationName, variableValues }: ExecutionArgs, { grant }: Principal): string {
  const { number, variables } = readDocument(document)
  const values = variables.map((name) => variableValues?.[name])
  return `${number} ${grant === null ? 'account' : 'token'} ${JSON.stringify([operationName, ...values])}`
}

interface ReadDocument {
  readonly number: number
  /** The variables that can change what is made of an event: all but those that only say what to subscribe to. */
  readonly variables: readonly string[]
}

const documents = new WeakMap<DocumentNode, ReadDocument>()
let documentCount = 0

function readDocument(document: DocumentNode): ReadDocument {
  const known = documents.get(document)
  if (known !== undefined) return known
  const names = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    OperationDefinition: (operation) => ({
      ...operation,
      selectionSet: {
        ...operation.selectionSet,
        selections: operation.selectionSet.selections.map((field) =>
          field.kind === Kind.FIELD ? { ...field, arguments: [] } : field,
        ),
      },
    }),
    Variable: ({ name }) => void names.add(name.value),
  })
  documentCount += 1
  const read = { number: documentCount, variables: [...names].sort() }
  documents.set(document, read)
  return read
}
