import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { createBackchannel } from 'backchannel-client'
import { createChannelEventsLink } from 'backchannel-client/apollo'
import { ChannelEventsDocument, DispatchTextDocument } from '../generated/operations.ts'

const [url = 'http://127.0.0.1:4000', text = 'Hello'] = process.argv.slice(2)
const uri = `${url}/graphql`
const backchannel = createBackchannel({ url: uri })
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ApolloLink.from([createChannelEventsLink(backchannel), new HttpLink({ uri })]),
})

const { data } = await client.mutate({ mutation: DispatchTextDocument, variables: { text } })
if (data === undefined) throw new Error('A mutation without an error has an answer.')
const { channelId } = data.dispatchConversation
const events = client.subscribe({
  query: ChannelEventsDocument,
  variables: { channelId },
  // Events do not belong in the cache.
  fetchPolicy: 'no-cache',
  // Otherwise a second watcher of the same channel would get only later events.
  context: { queryDeduplication: false },
})
events.subscribe({
  next({ data, error }) {
    // Apollo tells errors here, and not in `error`.
    if (error !== undefined) throw error
    if (data?.channelEvents.__typename === 'TextDelta') process.stdout.write(data.channelEvents.text)
  },
  complete() {
    client.stop()
    backchannel.close()
  },
})
