import { areBounds, boundsSchema, type FieldMention, isHiddenName } from '../placeholder/field.ts'
import type { TextOperand } from '../placeholder/operand.ts'
import type { FieldType, Json } from '../placeholder/value.ts'
import { literalOf, type Slot, type Template } from './template.ts'

type Refuse = (message: string) => void
type Definition = { readonly [key: string]: Json }

const fieldTypes = ['string', 'number', 'boolean', 'array', 'object'] as const

const transforms: Readonly<Record<string, TextOperand['name']>> = {
  lower: 'lower',
  upper: 'upper',
  trim: 'trim',
  urlencode: 'euc',
}

const definitionKeys = [
  ...['name', 'title', 'description', 'type', 'optional', 'required', 'placeholder', 'default', 'enum', 'min', 'max'],
  ...['transform', 'items', 'properties'],
]

/**
 * Reads `!string { name, description, optional, … }` as the field it declares and its slot. A field without a name is
 * named after its key. Null if the tag does not declare a field.
 */
export function readFieldTag(
  tag: string,
  content: Template,
  key: string | null,
  refuse: Refuse,
): { readonly mention: FieldMention; readonly slot: Slot } | null {
  const type = fieldTypes.find((each) => each === tag.replace(/\?$/, ''))
  if (type === undefined) return null
  const literal = literalOf(content)
  if (literal === undefined)
    refuse(`The definition of !${tag} contains a placeholder; define a field with plain values.`)
  const definition: Definition = isDefinition(literal) ? literal : {}
  const own = typeof literal === 'string' && literal !== '' ? literal : definition['name']
  const name = typeof own === 'string' ? own : (key?.replace(/\?$/, '') ?? '')
  if (name === '') refuse(`A field !${tag} has no name.`)
  refuseUnknownKeys(name, definition, refuse)
  const isOptional = tag.endsWith('?') || definition['optional'] === true || definition['required'] === false
  const operands = listOf(definition['transform']).flatMap((transform): TextOperand[] => {
    const operand = transforms[String(transform)]
    if (operand !== undefined) return [{ kind: 'text', name: operand, isOptional: true }]
    refuse(
      `The field "${name}": there is no transform "${transform}"; there are ${Object.keys(transforms).join(', ')}.`,
    )
    return []
  })
  return {
    slot: { kind: 'field', name, operands },
    mention: {
      name,
      type,
      isRequired: !isOptional,
      isHidden: isHiddenName(name),
      description: textOf(definition['description']),
      default: definition['default'] ?? null,
      enum: definition['enum'] === undefined ? null : listOf(definition['enum']),
      minimum: numberOf(definition['min']),
      maximum: numberOf(definition['max']),
      sanitize: null,
      nested: type === 'array' || type === 'object' ? nestedSchema(type, definition, refuse) : null,
    },
  }
}

/** The JSON Schema of an array's items or an object's properties. */
function nestedSchema(type: FieldType, definition: Definition, refuse: Refuse): Readonly<Record<string, unknown>> {
  const { items, properties } = definition
  if (type === 'array') return isDefinition(items) ? { items: innerSchema(items, refuse) } : {}
  if (!isDefinition(properties)) return {}
  const entries = Object.entries(properties).map(([name, inner]) => [name, isDefinition(inner) ? inner : {}] as const)
  return {
    properties: Object.fromEntries(entries.map(([name, inner]) => [name, innerSchema(inner, refuse)])),
    required: entries.filter(([, inner]) => isRequired(inner)).map(([name]) => name),
    additionalProperties: false,
  }
}

function innerSchema(definition: Definition, refuse: Refuse): Readonly<Record<string, unknown>> {
  const name = textOf(definition['name']) ?? 'items'
  refuseUnknownKeys(name, definition, refuse)
  const { type: said, default: value } = definition
  const type = fieldTypes.find((each) => each === said) ?? impliedType(definition)
  if (said !== undefined && said !== type) refuse(`The field "${name}" has the unknown type ${JSON.stringify(said)}.`)
  const bounds = { type, minimum: numberOf(definition['min']), maximum: numberOf(definition['max']) }
  const values = new Set(listOf(definition['enum']))
  if (!areBounds(bounds)) refuse(`The field "${name}" has bounds that are none for a ${type}.`)
  return {
    type,
    ...(typeof definition['description'] === 'string' && { description: definition['description'] }),
    ...(value != null && { default: value }),
    ...(values.size > 0 && { enum: [...values] }),
    ...boundsSchema(bounds),
    ...(type === 'array' || type === 'object' ? nestedSchema(type, definition, refuse) : {}),
  }
}

function impliedType({ items, properties, default: value }: Definition): FieldType {
  if (items !== undefined) return 'array'
  if (properties !== undefined) return 'object'
  return typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'string'
}

function isRequired({ optional, required, default: value }: Definition): boolean {
  return optional !== true && required !== false && value === undefined
}

function refuseUnknownKeys(name: string, definition: Definition, refuse: Refuse): void {
  for (const key of Object.keys(definition)) {
    if (definitionKeys.includes(key)) continue
    refuse(`The field "${name}" has the unknown key "${key}"; there are ${definitionKeys.join(', ')}.`)
  }
}

function isDefinition(value: Json | undefined): value is Definition {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : value == null ? [] : [value as Json]
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null
}
