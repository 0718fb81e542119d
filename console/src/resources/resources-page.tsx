import { Link, useParams } from 'wouter'
import { NotFound } from '../shell/not-found.tsx'
import { Page } from '../ui/page.tsx'
import { BotPage, Bots } from './bots.tsx'
import { ContactPage, Contacts } from './contacts.tsx'
import { DatasetPage, Datasets } from './datasets.tsx'
import './resources.css'
import { Secrets } from './secrets.tsx'
import { SkillsetPage, Skillsets } from './skillsets.tsx'
import { WebhookPage, Webhooks } from './webhooks.tsx'

/** Each has its path below `/resources/`, its list, and the page of one of them, or of a new one. */
const kinds = [
  { path: 'bots', name: 'Bots', List: Bots, One: BotPage },
  { path: 'contacts', name: 'Contacts', List: Contacts, One: ContactPage },
  { path: 'datasets', name: 'Datasets', List: Datasets, One: DatasetPage },
  { path: 'skillsets', name: 'Skillsets', List: Skillsets, One: SkillsetPage },
  { path: 'secrets', name: 'Secrets', List: Secrets, One: null },
  { path: 'webhooks', name: 'Webhooks', List: Webhooks, One: WebhookPage },
] as const

export default function ResourcesPage() {
  const [path = '', id] = (useParams()['*'] ?? '').split('/')
  const kind = path === '' ? kinds[0] : kinds.find((each) => each.path === path)
  if (kind === undefined) return <NotFound />
  const { List, One } = kind
  if (id !== undefined && id !== '' && One !== null) return <One id={decodeURIComponent(id)} />
  return (
    <Page title="Resources" lead="What dispatches refer to by id.">
      <nav aria-label="Kinds of resources" className="kinds">
        <ul>
          {kinds.map((each) => (
            <li key={each.path}>
              <Link href={`/resources/${each.path}`} aria-current={each === kind ? 'page' : undefined}>
                {each.name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <List />
    </Page>
  )
}
