import { createClient, createRequest, fetchExchange } from '@urql/core'
import { createBackchannel } from 'backchannel-client'
import { createChannelEventsExchange } from 'backchannel-client/urql'
import { pipe, subscribe } from 'wonka'
import { ChannelEventsDocument, DispatchTextDocument } from '../generated/operations.ts'

const [url = 'http://127.0.0.1:4000', text = 'Hello'] = process.argv.slice(2)
const backchannel = createBackchannel({ url: `${url}/graphql` })
const client = createClient({
  url: `${url}/graphql`,
  exchanges: [createChannelEventsExchange(backchannel), fetchExchange],
})

const { data, error } = await client.mutation(DispatchTextDocument, { text }).toPromise()
if (data === undefined) throw error
const { channelId } = data.dispatchConversation
pipe(
  client.executeSubscription(createRequest(ChannelEventsDocument, { channelId })),
  subscribe(({ data, error, hasNext }) => {
    if (error !== undefined) throw error
    // urql says the last event once more, with `hasNext: false`.
    if (!hasNext) backchannel.close()
    else if (data?.channelEvents.__typename === 'TextDelta') process.stdout.write(data.channelEvents.text)
  }),
)
