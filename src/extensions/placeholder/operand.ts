/** Operands that declare the type of a field. `local` hides the field from the model. */
const fieldOperands = ['string', 'number', 'num', 'boolean', 'bool', 'local'] as const

/** Operands that restrict the values of a field. They take an argument in angle brackets, as in `enum<a,b>`. */
const ruleOperands = ['enum', 'default', 'min', 'max', 'format', 'sanitize'] as const

/** Operands that transform the value at the place of the placeholder, in the order in which they are written. */
const textOperands = [
  ...['ys', 'js', 'j', 'y', 'euc', 'dq', 'sq', 'edq', 'esq'],
  ...['rn', 'trim', 'lower', 'upper'],
] as readonly TextOperandName[]

export type TextOperandName =
  | ('ys' | 'js' | 'j' | 'y' | 'euc' | 'dq' | 'sq' | 'edq' | 'esq')
  | ('rn' | 'trim' | 'lower' | 'upper')

type FieldOperandName = (typeof fieldOperands)[number]
type RuleOperandName = (typeof ruleOperands)[number]

export type Operand =
  | { readonly kind: 'field'; readonly name: FieldOperandName }
  | { readonly kind: 'rule'; readonly name: RuleOperandName; readonly argument: string }
  | TextOperand

export interface TextOperand {
  readonly kind: 'text'
  readonly name: TextOperandName
  /** `dq?`: the operand applies only if there is a value. */
  readonly isOptional: boolean
}

/** Parses one operand, or returns a sentence that says what is wrong with it. */
export function readOperand(name: string, argument: string | null, isOptional: boolean): Operand | string {
  const text = textOperands.find((each) => each === name)
  const field = fieldOperands.find((each) => each === name)
  const rule = ruleOperands.find((each) => each === name)
  if (rule !== undefined) {
    if (argument === null) return `The operand "${name}" takes an argument, as in ${name}<…>.`
    return { kind: 'rule', name: rule, argument }
  }
  if (argument !== null && (text ?? field) !== undefined) return `The operand "${name}" takes no argument.`
  if (text !== undefined) return { kind: 'text', name: text, isOptional }
  if (field !== undefined) return { kind: 'field', name: field }
  return `There is no operand or type "${name}": there are ${[...fieldOperands, ...ruleOperands, ...textOperands].join(' ')}.`
}
