import type { FetchResponse } from '../safe-fetch/safe-fetch.ts'

/** The name of a fetched file: as its server calls it (RFC 6266), or the end of the path. Null: none. */
export function fileName({ url, headers }: Pick<FetchResponse, 'url' | 'headers'>): string | null {
  const disposition = headers['content-disposition'] ?? ''
  const groups = /filename\*?\s*=\s*(?:"(?<quoted>(?:\\.|[^"\\])*)"|(?<plain>[^;\s]+))/i.exec(disposition)?.groups
  const name = groups?.['quoted'] ?? groups?.['plain'] ?? URL.parse(url)?.pathname.split('/').at(-1)
  return name === undefined || name === '' ? null : name
}
