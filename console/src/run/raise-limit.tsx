import { type FormEvent, useState } from 'react'
import { type LimitKind, RaiseLimitsDocument } from '../generated/operations.ts'
import { useChange } from '../service/use-request.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Problem } from '../ui/problem.tsx'

interface RaiseLimitProps {
  readonly channelId: string
  readonly reached: { readonly kind: LimitKind; readonly used: number; readonly allowed: number }
}

/** A run that a limit has paused: more, or an end. */
export function RaiseLimit({ channelId, reached: { kind, used, allowed } }: RaiseLimitProps) {
  const name = kind.toLowerCase() as Lowercase<LimitKind>
  const [text, setText] = useState(String(Math.ceil(Math.max(used, allowed)) * 2))
  const { mutate, error, isPending } = useChange(RaiseLimitsDocument)
  const number = Number(text)
  const isMore = Number.isFinite(number) && number > used
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isMore) mutate({ input: { channelId, limits: { [name]: number } } })
  }
  return (
    <form className="callout callout-wait" onSubmit={submit}>
      <p>
        A limit has paused the run: it has used {used} of {allowed} {name}. It holds no worker meanwhile.
      </p>
      <div className="callout-controls">
        <TextField
          label={`New limit on ${name}`}
          inputMode="decimal"
          value={text}
          onChange={setText}
          problem={isMore ? undefined : `More than ${used} is wanted.`}
        />
        <Button type="submit" kind="primary" disabled={isPending}>
          Raise limit
        </Button>
        <Button disabled={isPending} onClick={() => mutate({ input: { channelId, limits: { whenReached: 'END' } } })}>
          Complete with what it has
        </Button>
      </div>
      <Problem of={error} />
    </form>
  )
}
