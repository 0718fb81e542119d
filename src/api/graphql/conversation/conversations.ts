import type { ConversationPlace, Line } from '../../../dispatch/line/line.ts'
import { type AccountId, parseConversationId } from '../../../kernel/ids.ts'
import type { Services } from '../../services.ts'
import { builder } from '../builder.ts'
import { connectionType, decodePlace, encodePlace, pageSize } from '../connection.ts'
import { pageComplexity } from '../resource/resource.ts'
import { Conversation } from './conversation.ts'

const ConversationConnection = connectionType(Conversation, 'Conversation')

builder.queryField('conversations', (t) =>
  t.field({
    type: ConversationConnection,
    description:
      "The account's conversations, the most recently active first. One that becomes active while you page through the list moves to its beginning.",
    complexity: pageComplexity,
    args: {
      first: t.arg.int({ description: 'The size of the page, 1 to 100. Default: 20.' }),
      after: t.arg.string({ description: 'Continue after the edge with this cursor. Default: from the beginning.' }),
      contactId: t.arg.id({ description: 'Only conversations with this contact. Default: all.' }),
    },
    resolve: async (_root, { first, after, contactId }, { services, principal }) => {
      const size = pageSize(first)
      const start = after == null ? null : decodePlace(after, parsePlace)
      const isWanted = (line: Line) => contactId == null || line.contactId === contactId
      // One more than requested, which tells whether there is a next page.
      const found = await scan(services, principal.account, { start, isWanted, size: size + 1 })
      return {
        edges: found.slice(0, size).map(({ place, line }) => ({ cursor: cursorOf(place), node: { line } })),
        hasNextPage: found.length > size,
        hasPreviousPage: after != null,
      }
    },
  }),
)

interface Scan {
  readonly start: ConversationPlace | null
  readonly isWanted: (line: Line) => boolean
  readonly size: number
}

/** Reads the index in stretches until enough match. Removes entries whose conversations are gone. */
async function scan({ conversations, lines }: Services, account: AccountId, { start, isWanted, size }: Scan) {
  const stretch = Math.max(size, 100)
  const found: { readonly place: ConversationPlace; readonly line: Line }[] = []
  for (let before = start; found.length < size; ) {
    const places = await conversations.page(account, before, stretch)
    const known = await lines.find(places.map(({ conversation }) => ({ account, conversation })))
    const gone: ConversationPlace[] = []
    for (const [index, place] of places.entries()) {
      const line = known[index]
      if (line == null) gone.push(place)
      else if (isWanted(line)) found.push({ place, line })
    }
    await conversations.remove(account, gone)
    if (places.length < stretch) break
    before = places.at(-1) ?? null
  }
  return found.slice(0, size)
}

function cursorOf({ updatedAt, conversation }: ConversationPlace): string {
  return encodePlace([updatedAt, conversation])
}

function parsePlace(value: unknown): ConversationPlace | null {
  if (!Array.isArray(value)) return null
  const [updatedAt, id]: unknown[] = value
  const conversation = typeof id === 'string' ? parseConversationId(id) : null
  return typeof updatedAt === 'number' && conversation !== null ? { updatedAt, conversation } : null
}
