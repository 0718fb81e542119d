import { stringifyJson } from '../../kernel/json.ts'
import { type DemoEffort, mostEffort, spend, stepsOfName } from './effort.ts'
import { demoMentions } from './mention.ts'
import {
  type DemoRoot,
  type DemoSchema,
  demoRoot,
  fittingNumber,
  fittingText,
  isObject,
  plainSchema,
  propertiesOf,
} from './schema.ts'
import { createDemoWords, type DemoText, type DemoWords } from './words.ts'

interface Reading {
  readonly root: DemoRoot
  readonly words: DemoWords
  readonly text: string
  /** How many values may still be made up: a schema can contain itself. */
  left: number
}

/** Common names for the subject of a search or a look-up. */
const aboutNames =
  /^(q|query|search|terms?|keywords?|question|topic|subject|text|message|prompt|input|city|town|location|place|address|country|name|title)$/i

const mostMadeUp = 1000

/**
 * Arguments that a function's parameters allow: from the words of a message where it has some, otherwise made up. Optional
 * ones are left out unless the message gives them.
 */
export function demoArguments(
  parameters: DemoSchema,
  text: DemoText,
  effort: DemoEffort = { ...mostEffort },
): DemoSchema {
  const root = demoRoot(parameters, effort)
  const words = createDemoWords(text, namesIn(root))
  return objectOf(plainSchema(parameters, root), { root, words, text: text.all, left: mostMadeUp })
}

function objectOf(schema: DemoSchema, reading: Reading): DemoSchema {
  const { all, required } = propertiesOf(schema)
  const plain = [...all].map(([name, each]) => [name, plainSchema(each, reading.root)] as const)
  const values = new Map(plain.map(([name, each]) => [name, told(name, each, reading)]))
  const open = plain.filter(([name, each]) => values.get(name) === undefined && isFreeText(each))
  const about = open.find(([name]) => aboutNames.test(name))
  if (about !== undefined) values.set(about[0], aboutText(about[1], reading))

  for (const [name, each] of plain) {
    if (values.get(name) !== undefined) continue
    if (required.includes(name) && reading.left > 0) values.set(name, madeUp(each, reading))
    else if (isNumeric(each)) values.set(name, numberOf(each, reading))
  }
  return Object.fromEntries([...values].filter(([, value]) => value !== undefined))
}

/** The value that the message assigns to that name, or the first of its choices that the message names. */
function told(name: string, schema: DemoSchema, { root, words, text }: Reading): unknown {
  const assigned = words.assigned(name)
  const value = assigned === null ? undefined : fromText(assigned, schema, root)
  if (value !== undefined) return value
  const choices = choicesOf(schema).filter((each) => typeof each === 'string')
  spend(root.effort, 'steps', choices.length * stepsOfName)
  const named = demoMentions(text, choices)
  return named[0]?.name
}

function fromText(text: string, schema: DemoSchema, root: DemoRoot): unknown {
  const choices = choicesOf(schema)
  if (choices.length > 0) return choices.find((each) => String(each).toLowerCase() === text.toLowerCase())
  switch (typeOf(schema)) {
    case 'string':
      return fittingText(text, schema, root.effort)
    case 'integer':
    case 'number': {
      const value = Number(text)
      return text === '' || !Number.isFinite(value) ? undefined : fittingNumber(value, schema)
    }
    case 'boolean':
      return !/^(false|no|off|0)$/i.test(text)
    case 'array':
      return listFromText(text, schema, root)
    default:
      return undefined
  }
}

function listFromText(text: string, schema: DemoSchema, root: DemoRoot): readonly unknown[] | undefined {
  const { minItems, maxItems, uniqueItems } = schema
  const items = plainSchema(itemsOf(schema), root)
  const texts = text.replaceAll(/^\[|\]$/g, '').split(',')
  const all = texts.map((each) => fromText(each.trim().replaceAll(/^["']|["']$/g, ''), items, root))
  const values = all.filter((value) => value !== undefined)
  const distinct = uniqueItems === true ? [...new Set(values)] : values
  const fitting = typeof maxItems === 'number' ? distinct.slice(0, maxItems) : distinct
  return typeof minItems === 'number' && fitting.length < minItems ? undefined : fitting
}

function madeUp(schema: DemoSchema, reading: Reading): unknown {
  reading.left -= 1
  const { words } = reading
  const [choice] = choicesOf(schema)
  const { effort } = reading.root
  const given = choice ?? presetOf(schema)
  // It can be as long as the schema, and be wanted for every item of a list.
  if (given !== undefined) spend(effort, 'characters', stringifyJson(given).length)
  if (choice !== undefined) return choice
  switch (typeOf(schema)) {
    case 'string': {
      const preset = presetOf(schema)
      const taken = schema['format'] === undefined ? (words.takeNear() ?? words.takeBefore()) : null
      const text = taken ?? preset ?? formats[String(schema['format'])] ?? 'demo'
      return text === preset ? preset : fittingText(String(text), schema, effort)
    }
    case 'integer':
    case 'number':
      return numberOf(schema, reading) ?? presetOf(schema) ?? fittingNumber(1, schema)
    case 'boolean':
      return presetOf(schema) ?? true
    case 'array':
      return presetOf(schema) ?? listOf(schema, reading)
    case 'null':
      return null
    default:
      return presetOf(schema) ?? objectOf(schema, reading)
  }
}

function listOf(schema: DemoSchema, reading: Reading): readonly unknown[] {
  const { minItems, maxItems, uniqueItems } = schema
  const items = plainSchema(itemsOf(schema), reading.root)
  const choices = choicesOf(items)
  const least = maxItems === 0 ? 0 : Math.max(typeof minItems === 'number' ? minItems : 1, 1)
  return Array.from({ length: Math.min(least, Math.max(reading.left, 0)) }, (_, index) => {
    if (uniqueItems === true && choices.length > 0) return choices[index % choices.length]
    const value = madeUp(items, reading)
    if (uniqueItems !== true || index === 0) return value
    if (typeof value === 'string') return fittingText(`${value} ${index + 1}`, items, reading.root.effort)
    return typeof value === 'number' ? value + index : value
  })
}

function aboutText(schema: DemoSchema, { words, root }: Reading): string | undefined {
  const text = words.takeNear() ?? words.takeRest() ?? words.takeBefore()
  return text === null ? undefined : fittingText(text, schema, root.effort)
}

function numberOf(schema: DemoSchema, { words }: Reading): number | undefined {
  const value = words.takeNumber()
  return value === null ? undefined : fittingNumber(value, schema)
}

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  time: '12:00:00Z',
  'date-time': '2026-01-01T12:00:00Z',
  email: 'demo@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
}

function choicesOf(schema: DemoSchema): readonly unknown[] {
  if (schema['const'] !== undefined) return [schema['const']]
  return Array.isArray(schema['enum']) ? schema['enum'] : []
}

function presetOf(schema: DemoSchema): unknown {
  return schema['default'] ?? (Array.isArray(schema['examples']) ? schema['examples'][0] : undefined)
}

function typeOf(schema: DemoSchema): unknown {
  if (schema['type'] !== undefined) return schema['type']
  if (isObject(schema['properties'])) return 'object'
  return schema['items'] === undefined ? 'string' : 'array'
}

function itemsOf({ items }: DemoSchema): DemoSchema {
  return isObject(items) ? items : {}
}

function isFreeText(schema: DemoSchema): boolean {
  return typeOf(schema) === 'string' && choicesOf(schema).length === 0 && schema['format'] === undefined
}

function isNumeric(schema: DemoSchema): boolean {
  return ['integer', 'number'].includes(String(typeOf(schema))) && choicesOf(schema).length === 0
}

/** The names of all properties at any depth. */
function namesIn(root: DemoRoot): readonly string[] {
  const names = new Set<string>()
  const seen = new Set<unknown>()
  const visit = (schema: unknown) => {
    if (seen.has(schema)) return
    seen.add(schema)
    const plain = plainSchema(schema, root)
    if (plain['items'] !== undefined) visit(plain['items'])
    for (const [name, each] of propertiesOf(plain).all) {
      if (!names.has(name)) spend(root.effort, 'steps', stepsOfName)
      names.add(name)
      visit(each)
    }
  }
  visit(root.schema)
  return [...names]
}
