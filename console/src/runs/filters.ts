import type { DispatchStatus } from '../generated/operations.ts'

/** What the list is restricted to; empty: by nothing. They stand in the address, so that a reload and a link keep them. */
export interface Filters {
  readonly statuses: readonly DispatchStatus[]
  readonly botId: string
  readonly contactId: string
  readonly conversationId: string
  readonly channelId: string
}

const all: readonly DispatchStatus[] = ['QUEUED', 'RUNNING', 'WAITING', 'COMPLETED', 'FAILED', 'CANCELLED']

export function readFilters(search: URLSearchParams): Filters {
  const named = search.get('status')?.toUpperCase().split(',') ?? []
  return {
    statuses: all.filter((status) => named.includes(status)),
    botId: search.get('bot') ?? '',
    contactId: search.get('contact') ?? '',
    conversationId: search.get('conversation') ?? '',
    channelId: search.get('id') ?? '',
  }
}

export function writeFilters({ statuses, botId, contactId, conversationId, channelId }: Filters): URLSearchParams {
  const status = statuses.join(',').toLowerCase()
  const entries = Object.entries({
    status,
    bot: botId,
    contact: contactId,
    conversation: conversationId,
    id: channelId,
  })
  return new URLSearchParams(entries.filter(([, value]) => value !== ''))
}

/** Whether a run that is known belongs to the list, by what may have changed. */
export const isWanted = ({ statuses }: Filters, { status }: { readonly status: DispatchStatus }): boolean =>
  statuses.length === 0 || statuses.includes(status)
