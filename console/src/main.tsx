import { createRoot } from 'react-dom/client'
import { ServiceProvider } from './service/service-provider.tsx'
import { createSession } from './service/session.ts'
import { Shell } from './shell/shell.tsx'
import './ui/tokens.css'
import './ui/base.css'
import './ui/controls.css'
import './ui/surfaces.css'
import './shell/shell.css'

const session = createSession(sessionStorage)
const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no element #root.')
createRoot(place).render(
  <ServiceProvider session={session}>
    <Shell />
  </ServiceProvider>,
)
