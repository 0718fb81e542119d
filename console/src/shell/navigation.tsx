import { Link, useLocation } from 'wouter'
import { useSession, useSessionStore } from '../service/service-provider.tsx'
import { Button } from '../ui/button.tsx'
import { destinations } from './routes.tsx'

export function Navigation() {
  const [at] = useLocation()
  const { credential } = useSession()
  const session = useSessionStore()
  return (
    <header className="masthead">
      <Link href="/" className="brand" aria-label="Backchannel, to the first page">
        <svg viewBox="0 0 32 32" aria-hidden="true" className="brand-mark">
          <path d="M5 10h14M5 16h22M5 22h9" />
          <circle cx="23.5" cy="22" r="2.4" />
        </svg>
        <span className="brand-name">Backchannel</span>
      </Link>
      <nav aria-label="Pages">
        <ul>
          {destinations.map(({ name, path, isHere }) => (
            <li key={name}>
              <Link href={path} aria-current={isHere(at) ? 'page' : undefined}>
                {name}
              </Link>
            </li>
          ))}
          <li>
            <a href="/graphql">GraphiQL</a>
          </li>
        </ul>
      </nav>
      {credential !== null && (
        <div className="session">
          <Button kind="quiet" onClick={session.signOut}>
            Forget key
          </Button>
        </div>
      )}
    </header>
  )
}
