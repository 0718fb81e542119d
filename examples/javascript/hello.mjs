import { createBackchannel } from 'backchannel-client'

const client = createBackchannel({ url: process.argv[2] ?? 'http://127.0.0.1:4000/graphql' })
const { channelId } = await client.dispatch('Hello!')
for await (const event of client.watch(channelId)) {
  if (event.__typename === 'TextDelta') process.stdout.write(event.text)
}
client.close()
