import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'

interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  /** What is wrong with it. */
  readonly problem?: string | undefined
}

type Changing<Attributes> = Omit<Attributes, 'onChange' | 'value'> & {
  readonly value: string
  readonly onChange: (value: string) => void
}

export function TextField({ onChange, ...props }: FieldProps & Changing<InputHTMLAttributes<HTMLInputElement>>) {
  return (
    <Labelled {...props}>
      {(described) => <input className="input" {...described} onChange={(event) => onChange(event.target.value)} />}
    </Labelled>
  )
}

export function TextArea({ onChange, ...props }: FieldProps & Changing<TextareaHTMLAttributes<HTMLTextAreaElement>>) {
  return (
    <Labelled {...props}>
      {(described) => <textarea className="input" {...described} onChange={(event) => onChange(event.target.value)} />}
    </Labelled>
  )
}

interface SelectProps extends FieldProps, Changing<SelectHTMLAttributes<HTMLSelectElement>> {
  readonly options: readonly { readonly value: string; readonly name: string }[]
}

export function SelectField({ onChange, options, ...props }: SelectProps) {
  return (
    <Labelled {...props}>
      {(described) => (
        <select className="input" {...described} onChange={(event) => onChange(event.target.value)}>
          {options.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}

interface CheckFieldProps extends Pick<FieldProps, 'label'> {
  readonly isChecked: boolean
  readonly onChange: (isChecked: boolean) => void
}

export function CheckField({ label, isChecked, onChange }: CheckFieldProps) {
  return (
    <label className="check">
      <input type="checkbox" checked={isChecked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

/** A control with its label, and what it is described by. */
function Labelled<Rest extends object>({
  label,
  hint,
  problem,
  children,
  ...rest
}: FieldProps & Rest & { readonly children: (control: Omit<Rest, 'children'> & { id: string }) => ReactNode }) {
  const id = useId()
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  const aria = { 'aria-describedby': described || undefined, 'aria-invalid': problem ? true : undefined }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ ...(rest as unknown as Rest), ...aria, id })}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p className="field-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}
