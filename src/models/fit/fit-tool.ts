import { modernSchema } from '../../conversation/schema/modern-schema.ts'
import { isRecord, mapSchema, type Schema } from '../../conversation/schema/walk.ts'
import { cutText } from '../../kernel/cut-text.ts'
import { parseJson, stringifyJson } from '../../kernel/json.ts'
import type { ModelTool } from '../model.ts'
import { openApiWords } from './open-api-words.ts'
import { newNames, renamed, withNewNames } from './property-names.ts'
import type { ToolSchemaRules } from './tool-schema-rules.ts'
import { typedSchema } from './typed-schema.ts'
import { wellFormed } from './well-formed.ts'
import { hasConditions, wrappedSchema, wrapperName } from './wrapped-schema.ts'

/** A function in its provider's form, and the conversions both ways. Arguments are checked against the caller's schema. */
export interface FittedTool {
  readonly tool: ModelTool
  /** The caller's arguments in the model's form. */
  toWire(given: unknown): unknown
  /** Back to the caller's form; the same text if nothing was changed or if it is no JSON. */
  fromWire(text: string): string
}

/** Checks nothing: the dispatch refused invalid schemas. `name` is the provider's. */
export function fitTool({ name, description, parameters }: ModelTool, rules: ToolSchemaRules): FittedTool {
  const modern = asObject(wellFormed(modernSchema(parameters)))
  const names = rules.propertyNames === 'any' ? new Map<string, string>() : newNames(modern)
  const known = rules.schemaOfNames ? modern : withoutSchemaOfNames(modern)
  const spelled = withNewNames(rules.needsItems ? withItems(known) : known, names)
  const wrapper = !rules.conditionsOnTop && hasConditions(spelled) ? wrapperName(propertyNames(spelled)) : null
  const wrapped = wrapper === null ? spelled : wrappedSchema(spelled, wrapper)
  const typed = rules.typed ? typedSchema(wrapped) : wrapped
  const schema = rules.openApi ? openApiWords(typed) : typed

  const words = wellFormed(description)
  const told = cutText(words, rules.description)
  const rest = words.slice(told.length)
  const back = new Map([...names].map(([before, after]) => [after, before]))
  return {
    tool: {
      name,
      description: told,
      parameters:
        rest === '' ? schema : { ...schema, description: [rest, schema['description']].filter(Boolean).join('\n') },
    },
    toWire(given) {
      const spelledSo = renamed(given, names)
      return wrapper === null ? spelledSo : { [wrapper]: spelledSo }
    },
    fromWire(text) {
      if (names.size === 0 && wrapper === null) return text
      const read = parsed(text)
      if (read === null) return text
      return stringifyJson(renamed(unwrapped(read.value, wrapper), back))
    },
  }
}

/** `type` may be missing or a list if the schema accepts only objects. */
function asObject(schema: Schema): Schema {
  return schema['type'] === 'object' ? schema : { ...schema, type: 'object' }
}

function propertyNames(schema: Schema): ReadonlySet<string> {
  const names = new Set<string>()
  mapSchema(schema, (each) => {
    for (const name of Object.keys((each['properties'] as object | undefined) ?? {})) names.add(name)
    return each
  })
  return names
}

function withoutSchemaOfNames(schema: Schema): Schema {
  return mapSchema(schema, ({ propertyNames: _names, ...each }) => each)
}

/** The items of a tuple are any of its places; an array without `items` has items of any kind. */
function withItems(schema: Schema): Schema {
  return mapSchema(schema, (each) => {
    if (![each['type']].flat().includes('array') || isRecord(each['items'])) return each
    const { prefixItems } = each
    if (!Array.isArray(prefixItems)) return { ...each, items: {} }
    const most = each['items'] === false ? { maxItems: prefixItems.length } : {}
    return { ...most, ...each, items: { anyOf: prefixItems } }
  })
}

/** A model that overlooked the wrapping property wrote its content directly. */
function unwrapped(value: unknown, wrapper: string | null): unknown {
  if (wrapper === null || !isRecord(value) || !isRecord(value[wrapper])) return value
  return Object.keys(value).length === 1 ? value[wrapper] : value
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: parseJson(text) }
  } catch {
    return null
  }
}
