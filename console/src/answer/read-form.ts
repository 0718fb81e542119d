import type { FormField } from './schema-form.ts'

/** What a person has entered, by the path of its field; check boxes have `true` or nothing. */
export type Entered = ReadonlyMap<string, string>

export type Reading =
  | { readonly kind: 'value'; readonly value: unknown }
  /** What is wrong, by the path of the field. */
  | { readonly kind: 'problems'; readonly problems: ReadonlyMap<string, string> }

export const pathOf = (parent: string, name: string): string => `${parent}/${name}`

/** The JSON that a filled form means. A field that is left empty and not required is left out. */
export function readForm(fields: readonly FormField[], entered: Entered): Reading {
  const problems = new Map<string, string>()
  const value = readGroup(fields, '', entered, problems)
  return problems.size > 0 ? { kind: 'problems', problems } : { kind: 'value', value }
}

function readGroup(fields: readonly FormField[], parent: string, entered: Entered, problems: Map<string, string>) {
  const entries = fields.flatMap((field): [string, unknown][] => {
    const value = readField(field, pathOf(parent, field.name), entered, problems)
    return value === undefined ? [] : [[field.name, value]]
  })
  return Object.fromEntries(entries)
}

function readField(field: FormField, path: string, entered: Entered, problems: Map<string, string>): unknown {
  const { control, isRequired } = field
  if (control.kind === 'group') {
    const isEmpty = ![...entered].some(([at, text]) => at.startsWith(`${path}/`) && text.trim() !== '')
    return isEmpty && !isRequired ? undefined : readGroup(control.fields, path, entered, problems)
  }
  const text = entered.get(path) ?? ''
  if (control.kind === 'check') return text === 'true'
  if (text.trim() === '') {
    if (isRequired) problems.set(path, 'This is required.')
    return undefined
  }
  switch (control.kind) {
    case 'text':
      return text
    case 'choice':
      return control.options[Number(text)]?.value
    case 'number': {
      const number = Number(text)
      const problem = numberProblem(number, control)
      if (problem !== null) problems.set(path, problem)
      return number
    }
    case 'json': {
      const reading = readJson(text)
      if (reading.kind === 'problem') problems.set(path, reading.message)
      return reading.kind === 'value' ? reading.value : undefined
    }
  }
}

function numberProblem(number: number, of: { isWhole: boolean; min: number | null; max: number | null }) {
  if (!Number.isFinite(number)) return 'This is no number.'
  if (of.isWhole && !Number.isInteger(number)) return 'A whole number is wanted.'
  if (of.min !== null && number < of.min) return `At least ${of.min} is wanted.`
  if (of.max !== null && number > of.max) return `At most ${of.max} is wanted.`
  return null
}

export function readJson(text: string): { kind: 'value'; value: unknown } | { kind: 'problem'; message: string } {
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch (error) {
    return { kind: 'problem', message: error instanceof Error ? error.message : 'This is no JSON.' }
  }
}
