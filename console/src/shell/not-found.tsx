import { Link } from 'wouter'
import { Page } from '../ui/page.tsx'

export function NotFound() {
  return (
    <Page title="There is no such page">
      <p>
        Go to <Link href="/">Try</Link> or to <Link href="/runs">Runs</Link>.
      </p>
    </Page>
  )
}
