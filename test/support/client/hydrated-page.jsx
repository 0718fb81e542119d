import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useChannel } from 'backchannel-client/react'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'

function Answer({ channelId }) {
  const { messages, status } = useChannel(channelId)
  return <p id={status ?? 'nothing'}>{messages.map(({ text }) => text)}</p>
}

const App = ({ client }) => (
  <StrictMode>
    <BackchannelProvider client={client}>
      <Answer channelId={location.hash.slice(1)} />
    </BackchannelProvider>
  </StrictMode>
)

// What a server has rendered, where nothing is known of the channel.
document.getElementById('root').innerHTML = '<p id="nothing"></p>'
const known = createBackchannel({ url: '/graphql' })
let page
// The client of a page may know the channel before React takes the page over.
known.state(location.hash.slice(1)).subscribe(() => {
  page ??= hydrateRoot(document.getElementById('root'), <App client={known} />)
})
/** As when the module that makes the client is loaded anew while one develops. */
globalThis.replaceClient = () => page.render(<App client={createBackchannel({ url: '/graphql' })} />)
