import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { BackchannelError } from 'backchannel-client'
import { useBackchannel } from 'backchannel-client/react'
import { type Operation, request } from 'backchannel-client/request'

type Values = Readonly<Record<string, unknown>>

export interface ReadOptions {
  /** How often it is read again while the page is looked at. Default: never. */
  readonly everyMs?: number | undefined
  /** False: not yet. Default: true. */
  readonly isWanted?: boolean | undefined
}

/** Reads something of the API, typed by its operation. While other variables are read, the earlier answer stays in `data`. */
export function useRead<Data, Variables extends Values>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  { everyMs, isWanted = true }: ReadOptions = {},
) {
  const client = useBackchannel()
  return useQuery<Data, BackchannelError>({
    queryKey: [String(operation), variables],
    queryFn: ({ signal }) => request(client, operation, variables, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: everyMs ?? false,
    enabled: isWanted,
  })
}

/**
 * Changes something: `mutate(variables)`. It is sent once; afterwards everything on the page is read again. What `mutate` is told to do
 * next does not wait for that: a page that reads that its resource is gone would be replaced before it has led to the list.
 */
export function useChange<Data, Variables extends Values>(operation: Operation<Data, Variables>) {
  const client = useBackchannel()
  const queries = useQueryClient()
  return useMutation<Data, BackchannelError, Variables>({
    mutationFn: (variables) => request(client, operation, variables, { isOnce: true }),
    onSuccess: () => void queries.invalidateQueries(),
  })
}
