import { fetchRequestFault } from '../fetch/options.ts'
import type { Field } from '../placeholder/field.ts'
import type { ActionName } from './action.ts'
import { readBody, readHttp } from './http.ts'
import { markSlots } from './marks.ts'
import { isSecretName, secretOutsideHeader } from './reference.ts'
import { checkSecretHost } from './secret-host.ts'
import { isToken, literalOf, type Part, placeIn, type Template, type TextTemplate, textsOf } from './template.ts'
import { readYaml } from './yaml.ts'

type Refuse = (message: string) => void

/** The keys of each action's YAML input. Text without any of these keys is the input itself. */
const keysOf = {
  text: { main: 'input', others: ['model'] },
  search: { main: 'query', others: ['dataset', 'datasetId', 'limit'] },
} as const

/** Reads the content of a fenced block. */
export function readInput(action: ActionName, parts: readonly Part[], refuse: Refuse): Template {
  const text: Template = { kind: 'text', parts, quotes: 'block' }
  const marked = markSlots(parts)
  const asYaml = () => readYaml(marked, { refuse, tag: () => null }) ?? { kind: 'value', value: null }
  if (action === 'echo' || action === 'time') return text
  if (action === 'fetch') {
    const isObject = /^\s*\{/.test(marked.text)
    return (isObject ? null : readHttp(parts, refuse)) ?? asYaml()
  }
  const { main, others } = keysOf[action]
  const names = [main, ...others].join('|')
  return new RegExp(`^\\s*(\\{\\s*)?["']?(${names})["']?\\s*:`).test(marked.text) ? asYaml() : text
}

/**
 * Checks an input, in whatever form it was written, against the keys of its action. Returns the template that is filled
 * later.
 */
export function checkInput(
  action: ActionName,
  input: Template,
  settings: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): Template {
  switch (action) {
    case 'fetch':
      return checkFetch(input, settings, refuse)
    case 'time':
      if (!isEmpty(input)) refuse('The action "time" takes no input.')
      return { kind: 'value', value: null }
    case 'echo':
      return input
    case 'text':
    case 'search': {
      if (input.kind === 'text') return { kind: 'map', entries: [[keysOf[action].main, input]] }
      const { main, others } = keysOf[action]
      const keys = input.kind === 'map' ? input.entries.map(([key]) => key) : []
      if (!keys.includes(main)) refuse(`The action "${action}" takes a text, or YAML with "${main}".`)
      const known: readonly string[] = [main, ...others]
      for (const key of keys.filter((each) => !known.includes(each))) {
        refuse(`The action "${action}" does not know "${key}"; it takes ${known.join(', ')}.`)
      }
      return input
    }
  }
}

function checkFetch(input: Template, settings: Readonly<Record<string, unknown>>, refuse: Refuse): Template {
  if (input.kind !== 'map') {
    refuse('The action "fetch" takes a URL, YAML with "url", or a request such as "GET https://…" with its headers.')
    return input
  }
  // The check looks at names only: a map where there is a map, a placeholder value for everything else.
  const outline = input.entries.map(([key, value]) => [
    key,
    value.kind === 'map' ? Object.fromEntries(value.entries) : '',
  ])
  const fault = fetchRequestFault(Object.fromEntries(outline), settings)
  if (fault !== null) refuse(fault)
  const url = input.entries.find(([key]) => /^ur[li]\??$/.test(key))?.[1]
  const start = url?.kind === 'text' ? url.parts[0] : ''
  if (typeof start === 'string' && !/^https?:/i.test(start)) {
    refuse('The action "fetch" needs a "url" that begins with http://, https:// or a placeholder.')
  }
  const headers = input.entries.find(([key]) => /^headers\??$/.test(key))?.[1]
  if (headers !== undefined && headers.kind !== 'map') refuse('The headers of a fetch are names with values.')
  const typed =
    headers?.kind === 'map' ? headers.entries.findLast(([name]) => /^content-type\??$/i.test(name)) : undefined
  const contentType = String((typed && literalOf(typed[1])) ?? '')
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType)
  return {
    kind: 'map',
    entries: input.entries.map(([key, value]) => {
      if (!/^body\??$/.test(key)) return [key, value]
      return [key, isForm && value.kind === 'text' ? encodeForm(value) : readBody(value, contentType, refuse)]
    }),
  }
}

/** Encodes a form that is written as text, so that a value cannot start another field. */
function encodeForm({ parts, quotes }: TextTemplate): Template {
  const encode = (part: Part): Part => {
    if (typeof part === 'string' || isToken(part) || part.operands.some(({ name }) => name === 'euc')) return part
    return { ...part, operands: [...part.operands, { kind: 'text', name: 'euc', isOptional: false }] }
  }
  return { kind: 'text', parts: parts.map(encode), quotes }
}

/** Refuses a secret outside a header value, and an array or object where only text fits. */
export function checkSlots(action: ActionName, input: Template, fields: readonly Field[], refuse: Refuse): void {
  if (action === 'fetch') checkSecretHost(input, refuse)
  const isWhole = new Map(fields.map(({ name, type }) => [name, type === 'array' || type === 'object']))
  for (const { path, inList, template } of textsOf(input)) {
    const place = placeIn(action, path, inList)
    for (const part of template.parts) {
      if (typeof part === 'string') continue
      if (part.kind === 'reference' && isSecretName(part.name) && place !== 'header')
        refuse(secretOutsideHeader(part.name))
      const isAlone = template.parts.length === 1 && template.quotes === 'plain'
      if (part.kind === 'field' && isWhole.get(part.name) === true && !(place === 'data' && isAlone)) {
        refuse(
          `The field "${part.name}" is an array or object: it fills a whole value of a body or query, and nothing else.`,
        )
      }
    }
  }
}

/** Empty, or `now`. */
function isEmpty(input: Template): boolean {
  const literal = literalOf(input)
  return literal === null || (typeof literal === 'string' && ['', 'now'].includes(literal.trim()))
}
