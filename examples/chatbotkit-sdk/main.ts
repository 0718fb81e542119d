import { randomUUID } from 'node:crypto'
import { complete, streamCompletion } from './complete.ts'
import { createClient } from './create-client.ts'
import { dispatch } from './dispatch.ts'
import { follow } from './follow.ts'

const [url = 'http://127.0.0.1:4000', text = 'Please get_weather: Paris'] = process.argv.slice(2)
const client = createClient(url)
const print = (part: string) => void process.stdout.write(part)

const channels = { run: `run-${randomUUID()}`, weather: `weather-${randomUUID()}` }
const channelId = await dispatch(client, text, channels)
const reason = await follow(client, channelId, {
  onToken: print,
  call: async (name, args) => {
    print(`[${name} ${JSON.stringify(args)}]\n`)
    return { temperature: 18 }
  },
})
print(`\n[${reason}]\n`)

await streamCompletion(client, 'Hello', print)
print(`\n${await complete(client, 'Hello again')}\n`)
