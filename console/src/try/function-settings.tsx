import { Button } from '../ui/button.tsx'
import { SelectField, TextArea, TextField } from '../ui/field.tsx'
import { type AnswerKind, exampleFunction, type FunctionSetting } from './settings.ts'

interface FunctionSettingsProps {
  readonly functions: readonly FunctionSetting[]
  readonly onChange: (functions: readonly FunctionSetting[]) => void
}

const answers: readonly { readonly value: AnswerKind; readonly name: string }[] = [
  { value: 'await', name: 'A person answers' },
  { value: 'data', name: 'An answer that is known' },
  { value: 'caller', name: 'The run ends, and its caller answers' },
]

/** The functions that the model may call. */
export function FunctionSettings({ functions, onChange }: FunctionSettingsProps) {
  const change = (index: number, changes: Partial<FunctionSetting>) =>
    onChange(functions.map((each, at) => (at === index ? { ...each, ...changes } : each)))
  const add = () => {
    const taken = functions.some(({ name }) => name === exampleFunction.name)
    onChange([...functions, taken ? { ...exampleFunction, name: `function_${functions.length + 1}` } : exampleFunction])
  }
  return (
    <fieldset className="fieldset">
      <legend>Functions</legend>
      {functions.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a function has no id, and its name is being typed
        <details key={index} className="try-function" open={functions.length === 1}>
          <summary>
            <code>{each.name || 'unnamed'}</code>
          </summary>
          <div className="try-function-fields">
            <TextField
              label="Name"
              className="input mono"
              value={each.name}
              onChange={(name) => change(index, { name })}
            />
            <TextArea
              label="When to call it"
              rows={2}
              value={each.description}
              onChange={(description) => change(index, { description })}
            />
            <TextArea
              label="Parameters, as JSON Schema"
              className="input mono"
              rows={5}
              spellCheck={false}
              value={each.parameters}
              onChange={(parameters) => change(index, { parameters })}
            />
            <SelectField
              label="Who answers"
              value={each.answer}
              onChange={(answer) => change(index, { answer: answer as AnswerKind })}
              options={answers}
            />
            {each.answer === 'data' && (
              <TextArea
                label="Answer, as JSON"
                className="input mono"
                rows={2}
                value={each.data}
                onChange={(data) => change(index, { data })}
              />
            )}
            {each.answer === 'await' && (
              <TextArea
                label="Schema of the answer (optional)"
                hint="With a JSON Schema the answer is given in a form."
                className="input mono"
                rows={3}
                spellCheck={false}
                value={each.schema}
                onChange={(schema) => change(index, { schema })}
              />
            )}
            <div>
              <Button kind="danger" onClick={() => onChange(functions.filter((_, at) => at !== index))}>
                Remove {each.name}
              </Button>
            </div>
          </div>
        </details>
      ))}
      <div>
        <Button onClick={add}>Add a function</Button>
      </div>
    </fieldset>
  )
}
