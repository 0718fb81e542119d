import type { BackchannelError } from 'backchannel-client'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { type FieldProblems, type FormField, problemsOf, readForm, type Values } from './input.ts'

interface ResourceFormProps {
  /** What is filled in: `Bot`. */
  readonly name: string
  readonly fields: readonly FormField[]
  readonly initial: Values
  readonly isNew: boolean
  readonly save: {
    readonly error: BackchannelError | null
    readonly isPending: boolean
    readonly isSuccess: boolean
  }
  readonly onSave: (input: Readonly<Record<string, unknown>>) => void
  /** More fields. */
  readonly children?: ReactNode
  /** Whether they show what is said of a path. */
  readonly shows?: (path: string) => boolean
  /** Beside the button that saves. */
  readonly actions?: ReactNode
}

/** What is wrong stands at its field, which gets the focus. */
export function ResourceForm(props: ResourceFormProps) {
  const { name, fields, initial, isNew, save, onSave, children, shows = () => false, actions } = props
  const [values, setValues] = useState(initial)
  const [own, setOwn] = useState<FieldProblems>({})
  const form = useRef<HTMLFormElement>(null)
  const told = problemsOf(save.error, (path) => shows(path) || fields.some((field) => field.name === path))
  const problems = { ...told.fields, ...own }
  const hasProblems = Object.keys(problems).length > 0
  useEffect(() => {
    if (hasProblems && !save.isPending) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [hasProblems, save.isPending])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readForm(fields, values, isNew)
    setOwn('problems' in read ? read.problems : {})
    if ('input' in read) onSave(read.input)
  }
  return (
    <form className="resource-form" aria-label={name} noValidate ref={form} onSubmit={submit}>
      {fields.map((field) => (
        <Field
          key={field.name}
          of={field}
          value={values[field.name] ?? ''}
          problem={problems[field.name]}
          onChange={(value) => setValues((all) => ({ ...all, [field.name]: value }))}
        />
      ))}
      {children}
      <Problem of={told.rest} />
      <div className="form-actions">
        <Button type="submit" kind="primary" disabled={save.isPending}>
          {isNew ? 'Create' : 'Save'}
        </Button>
        {actions}
        <span role="status" className="muted">
          {save.isPending ? 'Saving…' : save.isSuccess && !isNew ? 'Saved' : ''}
        </span>
      </div>
    </form>
  )
}

interface OneField {
  readonly of: FormField
  readonly value: string
  readonly problem: string | undefined
  readonly onChange: (value: string) => void
}

function Field({ of: { label, hint, kind, rows, options, isRequired }, ...control }: OneField) {
  const common = { label, hint, 'aria-required': isRequired, ...control }
  if (kind === 'select') return <SelectField {...common} options={options ?? []} />
  if (kind === 'area') return <TextArea {...common} rows={rows ?? 3} />
  if (kind === 'json') return <TextArea {...common} rows={4} spellCheck={false} />
  if (kind === 'secret') return <TextField {...common} type="password" autoComplete="off" spellCheck={false} />
  return <TextField {...common} autoComplete="off" />
}
