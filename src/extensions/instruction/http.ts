import { readJson } from '../placeholder/value.ts'
import { type MarkedText, markSlots } from './marks.ts'
import type { Part, Template, TextTemplate } from './template.ts'
import { readYaml } from './yaml.ts'

type Refuse = (message: string) => void

/**
 * Parses a bare URL or raw HTTP (`METHOD URL [HTTP/1.1]`, headers, an empty line, the body) into the fields of a YAML
 * request. It runs before the slots are filled, so a line break in an argument cannot start a header. Null if the text
 * is neither.
 */
export function readHttp(parts: readonly Part[], refuse: Refuse): Template | null {
  const marked = markSlots(parts)
  const text = marked.text.trim()
  const plain = (piece: string): TextTemplate => ({ kind: 'text', parts: marked.unmark(piece), quotes: 'plain' })
  if (/^\S+$/.test(text)) return { kind: 'map', entries: [['url', plain(text)]] }

  const [first = '', ...rest] = text.split(/\r?\n/)
  const [, method = '', url = ''] = /^(\S+)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/.exec(first) ?? []
  const [verb, ...others] = marked.unmark(method)
  const isMethod = others.length === 0 && (typeof verb === 'object' || /^[A-Z]+$/.test(method))
  if (!isMethod) return null
  const empty = rest.findIndex((line) => line.trim() === '')
  const headers = readHeaders(empty === -1 ? rest : rest.slice(0, empty), marked, refuse)
  const body = empty === -1 ? '' : rest.slice(empty + 1).join('\n')
  return {
    kind: 'map',
    entries: [
      ['method', plain(method)],
      ['url', plain(url)],
      ...(headers.length > 0 ? [['headers', { kind: 'map', entries: headers }] as const] : []),
      ...(body.trim() === '' ? [] : [['body', { ...plain(body), quotes: 'block' }] as const]),
    ],
  }
}

function readHeaders(lines: readonly string[], marked: MarkedText, refuse: Refuse) {
  const seen = new Set<string>()
  return lines.flatMap((line): (readonly [string, TextTemplate])[] => {
    const [, name, value = ''] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name === undefined || marked.unmark(name).some((part) => typeof part !== 'string')) {
      refuse('A line between the request line and the body is not a header such as "name: value".')
      return []
    }
    if (seen.has(name.toLowerCase())) refuse(`The header "${name}" stands there twice.`)
    seen.add(name.toLowerCase())
    return [[name, { kind: 'text', parts: marked.unmark(value), quotes: 'block' }]]
  })
}

/**
 * Parses a text body that begins like JSON into data, so that an argument stays within its string. A body that does not
 * parse (GraphQL, a custom template) stays a text, and its author must quote the slots. Two exceptions: if the content
 * type is JSON, a body that does not parse is refused; if it is anything else, only a body that is JSON throughout is
 * parsed.
 */
export function readBody(body: Template, contentType: string, refuse: Refuse): Template {
  if (body.kind !== 'text' || body.parts.every((part) => typeof part === 'string')) return body
  const marked = markSlots(body.parts)
  if (!/^\s*[[{]/.test(marked.text)) return body
  const [type = ''] = contentType.toLowerCase().split(/\s*;/, 1)
  const isData = type === '' || /[/+](json|(x-)?yaml)$/.test(type)
  if (!isData && !isJson(body.parts)) return body
  const refusals: string[] = []
  const read = readYaml(marked, { refuse: (message) => refusals.push(message), tag: () => null })
  const [fault] = refusals
  if (fault === undefined && read !== null) return read
  if (/[/+]json$/.test(type)) {
    refuse(`The content type of the body is JSON, but the body cannot be filled as JSON: ${fault}`)
  }
  return body
}

/**
 * Whether the text is JSON whatever fills its slots. A digit is a valid stand-in both inside a string and as a whole
 * value.
 */
function isJson(parts: readonly Part[]): boolean {
  return readJson(parts.map((part) => (typeof part === 'string' ? part : '1')).join('')) !== undefined
}
