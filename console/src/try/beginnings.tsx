import type { Settings } from './settings.ts'
import { exampleFunction } from './settings.ts'

interface Beginning {
  readonly text: string
  readonly shows: string
  readonly settings?: Partial<Settings>
}

const beginnings: readonly Beginning[] = [
  { text: 'Hello! What can you do?', shows: 'An answer that grows, word by word' },
  {
    text: 'Please ask_human which colour the door should have.',
    shows: 'A function call that waits for you',
    settings: { functions: [exampleFunction] },
  },
]

interface BeginningsProps {
  readonly onBegin: (text: string, settings?: Partial<Settings>) => void
}

/** What to say first: one click each. */
export function Beginnings({ onBegin }: BeginningsProps) {
  return (
    <div className="beginnings">
      <h2>Begin a conversation</h2>
      <p className="muted">
        It runs in the background. Reload the page in mid-answer, or restart the server: nothing is lost.
      </p>
      <ul>
        {beginnings.map(({ text, shows, settings }) => (
          <li key={text}>
            <button type="button" className="beginning" onClick={() => onBegin(text, settings)}>
              <span>{text}</span>
              <span className="muted">{shows}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
