import { isRecord } from '../../kernel/json.ts'
import { FetchRefused } from '../safe-fetch/fault.ts'
import { type Headers, isFramingHeader } from '../safe-fetch/headers.ts'
import { encodeBody, fillBodyText } from './body.ts'
import { plainKey } from './options.ts'
import { parseTextRequest } from './raw-request.ts'
import { type ReferenceFiller, type ReferenceValue, secretOf } from './references.ts'
import { collapseScheme, headerForm, type SecretValue } from './secret-headers.ts'
import { composeUrl, scalar } from './url.ts'

/** A request that is ready to send. */
export interface FilledRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  /** The names of the headers that contain secrets. */
  readonly secretHeaders: readonly string[]
  readonly body: string | null
  readonly options: unknown
}

export interface Filling {
  readonly filler: ReferenceFiller
  readonly references: Readonly<Record<string, string>>
  /** The opened secrets by the name of their reference, such as `SECRET_TOKEN`. */
  readonly secrets: ReadonlyMap<string, SecretValue>
}

/**
 * Parses the request before filling it, so that a value stays a text: in a URL it is percent-encoded, in a header it
 * cannot start another header, in a body it stays within its string. Fills secrets into header values only. Throws
 * FetchRefused.
 */
export function fillRequest(request: unknown, filling: Filling): FilledRequest {
  const fields = typeof request === 'string' ? parseTextRequest(request) : request
  if (!isRecord(fields)) throw new FetchRefused('A fetch takes a URL, raw HTTP, or an object.')
  const { headers, secretHeaders } = fillHeaders(fields, filling)
  const plain = fillFields(fields, filling)
  const url = scalar(plain['url'] ?? plain['uri'], 'url')
  const method = scalar(plain['method'] ?? (isBody(plain['body']) ? 'POST' : 'GET'), 'method').toUpperCase()
  const hasBody = isBody(plain['body']) && method !== 'GET' && method !== 'HEAD'
  const contentType = headers['content-type'] ?? ''
  const body = hasBody ? bodyText(plain['body'], contentType, filling) : null
  return {
    url: composeUrl(url, plain['path'], plain['query']),
    method,
    headers: hasBody ? withContentType(headers, plain['body']) : without(headers, 'content-type'),
    secretHeaders,
    body,
    options: plain['options'],
  }
}

function isBody(body: unknown): boolean {
  return body !== undefined && body !== null && body !== ''
}

/** Fills all fields except the headers and a text body, which `bodyText` fills by its format. */
function fillFields(fields: Readonly<Record<string, unknown>>, { filler, references }: Filling) {
  const value = plainValue(references)
  const encoded: ReferenceValue = (name) => encodeURIComponent(value(name).toWellFormed())
  const filled = Object.entries(fields).flatMap(([key, field]): [string, unknown][] => {
    const name = plainKey(key)
    if (name === 'headers' || name === 'authorization') return []
    if (name === 'body' && typeof field === 'string') return [[key, field]]
    const isUrlText = name === 'url' || name === 'uri' || (name === 'path' && typeof field === 'string')
    return [[key, filler.data(field, isUrlText ? encoded : value)]]
  })
  return dropEmpty(Object.fromEntries(filled)) as Readonly<Record<string, unknown>>
}

function fillHeaders(fields: Readonly<Record<string, unknown>>, filling: Filling) {
  const { filler, secrets } = filling
  const secretHeaders: string[] = []
  const value = plainValue(filling.references)

  const fill = (name: string, text: string) => {
    let isSecret = false
    const filled = filler.text(text, (reference) => {
      const secret = secrets.get(reference)
      if (secretOf(reference) === null || secret === undefined) return value(reference)
      isSecret = true
      return headerForm(secret)
    })
    if (!isSecret) return filled
    secretHeaders.push(name.toLowerCase())
    return collapseScheme(filled)
  }

  const own = fieldOf(fields, 'headers') ?? {}
  if (!isRecord(own)) throw new FetchRefused('The field headers takes an object.')
  const authorization = fieldOf(fields, 'authorization')
  const all = { ...own, ...(isBody(authorization) && { authorization }) }
  const headers: Record<string, string> = {}
  for (const [key, given] of Object.entries(all)) {
    if (filler.has(key))
      throw new FetchRefused('The name of a header contains a reference; names cannot contain references.')
    const name = plainKey(key)
    // Pasted requests contain framing headers. The client sets its own.
    if (isFramingHeader(name)) continue
    const isOptional = name !== key
    const text = isOptional && given === null ? '' : fill(name, scalar(given, `headers.${name}`))
    if (isOptional && text === '') continue
    headers[name.toLowerCase()] = text
  }
  return { headers, secretHeaders }
}

function bodyText(body: unknown, contentType: string, { filler, references }: Filling): string {
  if (typeof body !== 'string') return encodeBody(body, contentType)
  return fillBodyText(body, contentType, filler, plainValue(references))
}

function withContentType(headers: Headers, body: unknown): Headers {
  if (typeof body === 'string' || headers['content-type'] !== undefined) return headers
  return { ...headers, 'content-type': 'application/json' }
}

function without(headers: Headers, dropped: string): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== dropped))
}

/** A reference without a value is empty, such as the e-mail address of a contact that has none. */
function plainValue(references: Readonly<Record<string, string>>): ReferenceValue {
  return (name) => {
    if (secretOf(name) !== null) {
      throw new FetchRefused(`The reference ${name} is a secret; secrets are filled into header values only.`)
    }
    return Object.hasOwn(references, name) ? (references[name] ?? '') : ''
  }
}

function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return fields[name] ?? fields[`${name}?`]
}

/** Removes every `key?` with an empty value, at any depth, and removes the question mark from the others. */
function dropEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropEmpty)
  if (!isRecord(value)) return value
  const kept = Object.entries(value).flatMap(([key, given]): [string, unknown][] => {
    const inner = dropEmpty(given)
    return plainKey(key) !== key && isEmpty(inner) ? [] : [[plainKey(key), inner]]
  })
  return Object.fromEntries(kept)
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isRecord(value)) return Object.keys(value).length === 0
  return value === null || value === undefined || value === ''
}
