/** Operands that say what a field is; `local` keeps it from the model. */
const fieldOperands = ['string', 'number', 'num', 'boolean', 'bool', 'local'] as const

/** Operands that say what a field may hold; they take an argument in brackets, as in `enum<a,b>`. */
const ruleOperands = ['enum', 'default', 'min', 'max', 'format', 'sanitize'] as const

/** Operands that change what is written where the placeholder stands, in the order in which they are named. */
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
  /** `dq?`: it applies only where there is a value. */
  readonly isOptional: boolean
}

/** Reads one operand as it was written, or says in a sentence what is wrong with it. */
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
