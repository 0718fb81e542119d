import { CopyButton } from './copy-button.tsx'

interface CodeBlockProps {
  readonly name: string
  readonly code: string
}

/** Code to read and to copy. It scrolls by keyboard. */
export function CodeBlock({ name, code }: CodeBlockProps) {
  return (
    <figure className="code">
      <figcaption>
        <span>{name}</span>
        <CopyButton text={code} name={`Copy ${name}`} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="code-scroll" tabIndex={0} aria-label={name}>
        <pre>
          <code>{code}</code>
        </pre>
      </section>
    </figure>
  )
}

export const asJson = (value: unknown): string => JSON.stringify(value, null, 2) ?? 'null'
