import { FetchRefused } from '../safe-fetch/fault.ts'

type Scalar = string | number | boolean

/**
 * Adds `path` and `query` to a URL. Encodes each item of a path array, so an item stays one segment; slashes in a path
 * string separate segments. Refuses the segments `.` and `..`: no author writes them, but values may contain them.
 */
export function composeUrl(url: string, path: unknown, query: unknown): string {
  const [whole = ''] = url.split('#', 1)
  const mark = whole.indexOf('?')
  const base = mark === -1 ? whole : whole.slice(0, mark)
  const ownQuery = mark === -1 ? '' : whole.slice(mark + 1)
  const added = pathText(path)
  const joined = added === '' ? base : `${base.replace(/\/$/, '')}/${added.replace(/^\//, '')}`
  refuseDots(joined.split('?', 1)[0] ?? '')
  return withQuery(withQuery(joined, ownQuery), queryText(query))
}

function withQuery(url: string, query: string): string {
  if (query === '') return url
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}

function refuseDots(path: string): void {
  if (/[\\/](?:\.|%2e){1,2}(?:[\\/]|$)/i.test(path)) {
    throw new FetchRefused('The path of the URL contains . or .. as a segment.')
  }
}

function pathText(path: unknown): string {
  if (path === undefined || path === null) return ''
  if (Array.isArray(path)) return path.map((item) => encodeURIComponent(scalar(item, 'path').toWellFormed())).join('/')
  return scalar(path, 'path').split('#', 1)[0] ?? ''
}

function queryText(query: unknown): string {
  if (query === undefined || query === null) return ''
  return new URLSearchParams(queryPairs(query)).toString()
}

/** The pairs of an object, or of a list of objects or pairs. Omits null; a list of values repeats the name. */
function queryPairs(query: unknown): [string, string][] {
  if (Array.isArray(query)) {
    return query.flatMap((item) => {
      if (!Array.isArray(item)) return queryPairs(item)
      if (item.length !== 2) throw new FetchRefused('An item of the list query takes a name and a value.')
      return [[scalar(item[0], 'query'), scalar(item[1], 'query')] as [string, string]]
    })
  }
  if (typeof query !== 'object' || query === null) throw new FetchRefused('The field query takes an object or a list.')
  return formPairs(query as Readonly<Record<string, unknown>>, 'query')
}

/** The flat names and values of a query or form. */
export function formPairs(fields: Readonly<Record<string, unknown>>, field: string): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((item) => item !== null && item !== undefined)
      .map((item): [string, string] => [name, scalar(item, `${field}.${name}`)]),
  )
}

/** Converts a text, number or boolean to text. For anything else throws FetchRefused, naming the field. */
export function scalar(value: unknown, field: string): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value as Scalar)
  throw new FetchRefused(`The field ${field} takes a text, number or boolean.`)
}
