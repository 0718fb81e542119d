import { ask } from './ask.ts'
import { createClient } from './create-client.ts'
import { follow } from './follow.ts'

const [url = 'http://127.0.0.1:4000', text = 'Please get_weather: Paris'] = process.argv.slice(2)
const client = createClient(url)
const print = (part: string) => void process.stdout.write(part)

const id = await ask(client, text, {
  tools: [
    {
      type: 'function',
      name: 'get_weather',
      description: 'The weather in a city.',
      parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] },
      strict: true,
    },
  ],
  onText: print,
  call: async (name, given) => {
    print(`[${name} ${JSON.stringify(given)}]\n`)
    return { temperature: 18 }
  },
})

// It goes on without anybody; whoever comes back goes on where they left.
const { id: background } = await client.responses.create({
  input: 'Hello again',
  previous_response_id: id,
  background: true,
})
print('\n\n')
let last = 0
for await (const event of follow(client, background)) {
  last = event.sequence_number
  if (event.type !== 'response.output_text.delta') continue
  print(event.delta)
  break
}
for await (const event of follow(client, background, last)) {
  if (event.type === 'response.output_text.delta') print(event.delta)
}
const { status } = await client.responses.retrieve(background)
print(`\n[${status}]\n`)
