import { isAlias, isMap, isScalar, isSeq, type ParsedNode, parseDocument, type Scalar } from 'yaml'
import type { MarkedText } from './marks.ts'
import type { Template, TextTemplate } from './template.ts'

type Refuse = (message: string) => void

export interface YamlReading {
  readonly refuse: Refuse
  /** Resolves one of our tags. Null: treats the node as if it had no tag. `key` is the key above the node. */
  readonly tag: (tag: string, content: Template, key: string | null) => Template | null
}

/** The deepest nesting of objects and arrays. */
const maxDepth = 64

/**
 * Parses a marked text as YAML into a template. Refuses anchors, merge keys, foreign tags and slots in keys, so an
 * argument is always a text in a shape that the author fixed. Null after a refusal.
 */
export function readYaml(marked: MarkedText, { refuse, tag }: YamlReading): Template | null {
  const document = parseDocument(marked.text, { schema: 'core', prettyErrors: false, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) {
    const line = marked.text.slice(0, error.pos[0]).split('\n').length
    refuse(`The YAML cannot be read at line ${line}: ${error.message}`)
    return null
  }
  let isRefused = false
  const refuseNode = (message: string): Template => {
    if (!isRefused) refuse(message)
    isRefused = true
    return { kind: 'value', value: null }
  }

  const read = (node: ParsedNode | null, key: string | null, depth: number): Template => {
    if (depth > maxDepth) return refuseNode(`The YAML has more than ${maxDepth} levels.`)
    if (node === null) return { kind: 'value', value: null }
    const content = readContent(node, depth)
    const own = node.tag?.startsWith('!') ? tag(node.tag.slice(1), content, key) : null
    if (node.tag !== undefined && own === null && !node.tag.startsWith('tag:yaml.org')) {
      return refuseNode(`The YAML holds the unknown tag "${node.tag}".`)
    }
    return own ?? content
  }

  const readContent = (node: ParsedNode, depth: number): Template => {
    if (isAlias(node) || node.anchor !== undefined) return refuseNode('The YAML holds an anchor or an alias.')
    if (isScalar(node)) return readScalar(node, marked)
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => read(item, null, depth + 1)) }
    if (!isMap(node)) return refuseNode('The YAML holds something that is no map, list or scalar.')
    return {
      kind: 'map',
      entries: node.items.map((pair) => {
        const key = isScalar(pair.key) ? String(pair.key.value ?? pair.key.source ?? '') : null
        if (key === null || marked.unmark(key).some((part) => typeof part !== 'string')) {
          refuseNode('A placeholder or a list stands where a key of the YAML belongs; only values can be filled.')
        }
        return [key ?? '', read(pair.value, key, depth + 1)] as const
      }),
    }
  }
  const template = read(document.contents, null, 0)
  return isRefused ? null : template
}

function readScalar(node: Scalar, marked: MarkedText): Template {
  const { value } = node
  if (typeof value === 'number') return { kind: 'value', value: exactWhole(value, node.source) }
  if (value === null || typeof value === 'boolean') return { kind: 'value', value }
  return { kind: 'text', parts: marked.unmark(String(value)), quotes: quotesOf[node.type ?? 'PLAIN'] ?? 'plain' }
}

/** A whole number with all its digits, which may be more than a number of JavaScript's keeps. */
function exactWhole(value: number, source: string | undefined): number | bigint {
  return Number.isSafeInteger(value) || source === undefined || !/^[-+]?\d+$/.test(source) ? value : BigInt(source)
}

const quotesOf: Readonly<Record<string, TextTemplate['quotes']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
}
