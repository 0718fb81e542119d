import { type FormEvent, useState } from 'react'
import { useSession, useSessionStore } from '../service/service-provider.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Page } from '../ui/page.tsx'

/** In the place of every page while the server refuses. */
export function SignIn({ reason }: { readonly reason: string }) {
  const { credential } = useSession()
  const session = useSessionStore()
  const [entered, setEntered] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (entered.trim() !== '') session.signIn(entered.trim())
  }
  const isExpired = /expired/i.test(reason)
  const isRefused = credential !== null
  return (
    <Page
      title={isRefused ? (isExpired ? 'Your token has expired' : 'This key is not accepted') : 'An API key, please'}
    >
      <form className="sign-in" onSubmit={submit}>
        {isRefused ? (
          <p role="alert" className="problem">
            {isExpired ? 'The token has expired. Enter a fresh one, or an API key.' : reason}
          </p>
        ) : (
          <p>This server takes API keys. A channel token or a conversation token works too, for what it opens.</p>
        )}
        <TextField
          label="API key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={entered}
          onChange={setEntered}
          hint="It stays in this tab, and is forgotten when the tab is closed."
        />
        <Button type="submit" kind="primary">
          Open the console
        </Button>
      </form>
    </Page>
  )
}
