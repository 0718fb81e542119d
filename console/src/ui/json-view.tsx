import { asJson } from './code-block.tsx'

const shownLength = 400

/** JSON as it is; what is long is folded. */
export function JsonView({ value }: { readonly value: unknown }) {
  const json = asJson(value)
  if (json.length <= shownLength) return <pre className="json">{json}</pre>
  return (
    <details className="folded">
      <summary>
        <code>{JSON.stringify(value)?.slice(0, 120)}…</code>
      </summary>
      <pre className="json">{json}</pre>
    </details>
  )
}
