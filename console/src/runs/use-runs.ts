import type { BackchannelError } from 'backchannel-client'
import { useBackchannel } from 'backchannel-client/react'
import { request } from 'backchannel-client/request'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { RunByIdDocument, RunsDocument } from '../generated/operations.ts'
import { useReport } from '../service/service-provider.tsx'
import { type Filters, isWanted } from './filters.ts'
import {
  emptyList,
  isLive,
  meets,
  type RunList,
  type RunPage,
  withChanged,
  withNewest,
  withNextPage,
  without,
} from './run-list.ts'

const everyMs = 1_500
const pageSize = 100
/** So many pages are read to close the gap to what is known; then the list begins anew. */
const mostPages = 5
/** Of runs that went on out of sight of the newest page, so many are looked after at a time. */
const lookedAfter = 10

export interface Runs {
  readonly list: RunList
  readonly error: BackchannelError | null
  readonly isPending: boolean
  readonly loadMore: () => void
}

/** The account's runs, newest first, kept up to date by reading them again while the page is looked at. */
export function useRuns(filters: Filters): Runs {
  const client = useBackchannel()
  const report = useReport()
  const [state, setState] = useState({ list: emptyList, isPending: true, error: null as BackchannelError | null })
  const list = useRef(emptyList)
  const key = JSON.stringify(filters)
  const isLoading = useRef(false)

  const reader = useMemo(() => {
    const wanted = JSON.parse(key) as Filters
    const page = async (after: string | null, signal: AbortSignal, statuses = wanted.statuses): Promise<RunPage> => {
      const { dispatches } = await request(
        client,
        RunsDocument,
        {
          first: pageSize,
          after,
          statuses: statuses.length === 0 ? null : statuses,
          botId: wanted.botId || null,
          contactId: wanted.contactId || null,
          conversationId: wanted.conversationId || null,
        },
        { signal },
      )
      const { hasNextPage, endCursor } = dispatches.pageInfo
      return { rows: dispatches.edges.map(({ node }) => node), next: hasNextPage ? endCursor : null }
    }
    const one = async (channelId: string, signal: AbortSignal) =>
      (await request(client, RunByIdDocument, { channelId }, { signal })).dispatch
    return { wanted, page, one }
  }, [client, key])

  const set = useCallback((change: (before: RunList) => RunList) => {
    list.current = change(list.current)
    setState({ list: list.current, isPending: false, error: null })
  }, [])

  useEffect(() => {
    const abort = new AbortController()
    const { signal } = abort
    let timer: ReturnType<typeof setTimeout> | undefined
    list.current = emptyList
    setState({ list: emptyList, isPending: true, error: null })

    const read = async () => {
      const { wanted, page, one } = reader
      if (wanted.channelId !== '') {
        const run = await one(wanted.channelId, signal)
        set(() => ({ rows: run === null || !isWanted(wanted, run) ? [] : [run], next: null }))
        return
      }
      let newest = await page(null, signal)
      for (let pages = 1; pages < mostPages && !meets(list.current, newest) && newest.next !== null; pages += 1) {
        const next = await page(newest.next, signal)
        newest = { rows: [...newest.rows, ...next.rows], next: next.next }
      }
      const seen = new Set(newest.rows.map(({ channelId }) => channelId))
      const before = list.current.rows
      set((known) => withNewest(known, newest))
      const unseen = before.filter((row) => isLive(row) && !seen.has(row.channelId))
      for (const { channelId } of unseen.slice(0, lookedAfter)) {
        const run = await one(channelId, signal)
        set((known) => (run === null ? without(known, channelId) : withChanged(known, [run])))
      }
    }
    const tick = async () => {
      try {
        if (document.visibilityState === 'visible') await read()
      } catch (failure) {
        if (signal.aborted) return
        report(failure)
        setState((shown) => ({ ...shown, isPending: false, error: failure as BackchannelError }))
      }
      if (!signal.aborted) timer = setTimeout(() => void tick(), everyMs)
    }
    void tick()
    const look = () => {
      if (document.visibilityState !== 'visible') return
      clearTimeout(timer)
      void tick()
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      abort.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [reader, set, report])

  const loadMore = useCallback(() => {
    const { next } = list.current
    if (next === null || isLoading.current) return
    isLoading.current = true
    const of = reader
    of.page(next, new AbortController().signal)
      // Another filter may have been chosen meanwhile, or the list may have begun anew.
      .then((page) => set((known) => (known.next === next ? withNextPage(known, page) : known)))
      .catch((failure: unknown) => report(failure))
      .finally(() => {
        isLoading.current = false
      })
  }, [reader, set, report])

  return { ...state, loadMore }
}
