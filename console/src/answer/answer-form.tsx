import type { FunctionCall, SubmitFunctionResultInput } from 'backchannel-client'
import { BackchannelError } from 'backchannel-client'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { TextArea } from '../ui/field.tsx'
import { Problem } from '../ui/problem.tsx'
import { answerSchemaOf } from './answer-schema.ts'
import { FormFields } from './form-fields.tsx'
import { type Entered, readForm, readJson } from './read-form.ts'
import { formOf } from './schema-form.ts'
import './answer.css'

type Answer = Pick<SubmitFunctionResultInput, 'data' | 'error'>
type Mode = 'form' | 'text' | 'json' | 'error'

interface AnswerFormProps {
  readonly call: FunctionCall
  /** The caller's own data of the dispatch, which may say what the answer looks like. */
  readonly meta: unknown
  readonly send: (answer: Answer) => Promise<void>
}

const modeNames: Record<Mode, string> = { form: 'Form', text: 'Text', json: 'JSON', error: 'Refuse' }

/** Answers a call that the run waits for: in a form, where the schema of the answer is known. */
export function AnswerForm({ call, meta, send }: AnswerFormProps) {
  const fields = formOf(answerSchemaOf(call, meta))
  const [mode, setMode] = useState<Mode>(fields === null ? 'text' : 'form')
  const [entered, setEntered] = useState<Entered>(new Map())
  const [text, setText] = useState('')
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map())
  const [failure, setFailure] = useState<BackchannelError | null>(null)
  const [isSending, setIsSending] = useState(false)
  const group = useId()

  const read = (): Answer | null => {
    if (mode === 'text') return { data: text }
    if (mode === 'error') return { error: text }
    if (mode === 'form' && fields !== null) {
      const reading = readForm(fields, entered)
      setProblems(reading.kind === 'problems' ? reading.problems : new Map())
      return reading.kind === 'value' ? { data: reading.value } : null
    }
    const reading = readJson(text)
    setProblems(reading.kind === 'problem' ? new Map([['', reading.message]]) : new Map())
    return reading.kind === 'value' ? { data: reading.value } : null
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = read()
    if (answer === null) return
    setIsSending(true)
    setFailure(null)
    try {
      await send(answer)
    } catch (error) {
      if (!(error instanceof BackchannelError)) throw error
      setFailure(error)
    } finally {
      setIsSending(false)
    }
  }
  const modes = (['form', 'text', 'json', 'error'] as const).filter((each) => each !== 'form' || fields !== null)
  return (
    <form className="answer" aria-label={`Answer to ${call.name}`} onSubmit={(event) => void submit(event)} noValidate>
      <fieldset className="answer-modes">
        <legend className="visually-hidden">How to answer</legend>
        {modes.map((each) => (
          <label key={each} className="answer-mode">
            <input type="radio" name={group} checked={mode === each} onChange={() => setMode(each)} />
            {modeNames[each]}
          </label>
        ))}
      </fieldset>
      {mode === 'form' && fields !== null ? (
        <FormFields fields={fields} parent="" entered={entered} problems={problems} onEnter={setEntered} />
      ) : (
        <TextArea
          label={mode === 'error' ? 'Why there is no answer' : mode === 'json' ? 'Answer as JSON' : 'Your answer'}
          value={text}
          onChange={setText}
          rows={3}
          className={mode === 'json' ? 'input mono' : 'input'}
          problem={problems.get('')}
        />
      )}
      <Problem of={failure} />
      <div>
        <Button type="submit" kind="primary" disabled={isSending}>
          Answer
        </Button>
      </div>
    </form>
  )
}
