import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useChannel } from 'backchannel-client/react'
import { createRoot } from 'react-dom/client'
import { Answer } from './answer.jsx'

const Chat = () => <Answer {...useChannel(location.hash.slice(1))} />

createRoot(document.getElementById('root')).render(
  <BackchannelProvider client={createBackchannel({ url: '/graphql' })}>
    <Chat />
  </BackchannelProvider>,
)
