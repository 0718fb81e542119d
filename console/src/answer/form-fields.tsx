import { CheckField, SelectField, TextArea, TextField } from '../ui/field.tsx'
import { type Entered, pathOf } from './read-form.ts'
import type { FormField } from './schema-form.ts'

interface FormFieldsProps {
  readonly fields: readonly FormField[]
  readonly parent: string
  readonly entered: Entered
  readonly problems: ReadonlyMap<string, string>
  readonly onEnter: (entered: Entered) => void
}

/** The controls of a form that was made from a JSON Schema. */
export function FormFields(props: FormFieldsProps) {
  return (
    <div className="form-fields">
      {props.fields.map((field) => (
        <OneField key={field.name} field={field} {...props} />
      ))}
    </div>
  )
}

const types = { email: 'email', date: 'date', url: 'url' } as const

function OneField({ field, ...props }: FormFieldsProps & { readonly field: FormField }) {
  const { entered, problems, onEnter } = props
  const { title, description: hint, isRequired, control } = field
  const path = pathOf(props.parent, field.name)
  const value = entered.get(path) ?? ''
  const onChange = (text: string) => onEnter(new Map(entered).set(path, text))
  const shared = {
    label: isRequired ? title : `${title} (optional)`,
    hint,
    problem: problems.get(path),
    value,
    onChange,
  }
  switch (control.kind) {
    case 'text':
      if (control.isLong) return <TextArea {...shared} rows={2} />
      return <TextField {...shared} type={control.format === null ? 'text' : types[control.format]} />
    case 'number':
      return <TextField {...shared} inputMode={control.isWhole ? 'numeric' : 'decimal'} />
    case 'check':
      return <CheckField label={title} isChecked={value === 'true'} onChange={(is) => onChange(is ? 'true' : '')} />
    case 'choice': {
      const options = control.options.map(({ name }, index) => ({ value: String(index), name }))
      return <SelectField {...shared} options={[{ value: '', name: 'Choose…' }, ...options]} />
    }
    case 'json':
      return <TextArea {...shared} className="input mono" rows={3} hint={hint ?? 'As JSON.'} />
    case 'group':
      return (
        <fieldset className="fieldset">
          <legend>{title}</legend>
          <FormFields {...props} fields={control.fields} parent={path} />
        </fieldset>
      )
  }
}
