import { useState } from 'react'
import { Button } from './button.tsx'
import { copyText } from './copy-text.ts'

const shownMs = 1_500

export function CopyButton({ text, name = 'Copy' }: { readonly text: string; readonly name?: string }) {
  const [said, setSaid] = useState<string | null>(null)
  const copy = async () => {
    setSaid((await copyText(text)) ? 'Copied' : 'The browser does not allow it')
    setTimeout(() => setSaid(null), shownMs)
  }
  return (
    <Button kind="quiet" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? name}</span>
    </Button>
  )
}
