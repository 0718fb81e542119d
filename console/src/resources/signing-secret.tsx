import { CodeBlock } from '../ui/code-block.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Told once. Null: none is to be told. */
export function SigningSecret({ of, onClose }: { readonly of: string | null; readonly onClose: () => void }) {
  return (
    <Dialog title="Signing secret" isOpen={of !== null} onClose={onClose}>
      <p>The receiver verifies signatures with it. Copy it now: it is not shown again.</p>
      <CodeBlock name="Secret" code={of ?? ''} />
    </Dialog>
  )
}
