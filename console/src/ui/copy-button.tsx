import { useState } from 'react'
import { Button } from './button.tsx'

const shownMs = 1_500

export function CopyButton({ text, name = 'Copy' }: { readonly text: string; readonly name?: string }) {
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), shownMs)
  }
  return (
    <Button kind="quiet" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? 'Copied' : name}</span>
    </Button>
  )
}
