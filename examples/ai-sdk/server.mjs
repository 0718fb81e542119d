import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

const {
  BACKCHANNEL_URL = 'http://127.0.0.1:4000',
  BACKCHANNEL_KEY = '',
  BOT_ID,
  PORT = '4001',
  LIFETIME = '300',
} = process.env
const query = `mutation ($input: CreateConversationTokenInput!) {
  createConversationToken(input: $input) { conversationToken { token } }
}`

/** Whose conversation it is, your own session says; here each browser has one, in a cookie that its pages cannot read. */
createServer(async ({ headers }, response) => {
  const conversationId = /\bchat=([\w-]{36})/.exec(headers.cookie ?? '')?.[1] ?? randomUUID()
  const limits = { iterations: 5 }
  const input = {
    conversationId,
    botId: BOT_ID,
    allow: ['DISPATCH', 'CANCEL', 'ANSWER'],
    limits,
    expiresInSeconds: Number(LIFETIME),
  }
  const answer = await fetch(`${BACKCHANNEL_URL}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${BACKCHANNEL_KEY}` },
    body: JSON.stringify({ query, variables: { input } }),
  })
  const { data, errors } = await answer.json()
  if (errors !== undefined) process.stderr.write(`${JSON.stringify(errors)}\n`)
  response.writeHead(errors === undefined ? 200 : 502, {
    'content-type': 'application/json',
    'set-cookie': `chat=${conversationId}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000`,
  })
  response.end(JSON.stringify({ conversationId, token: data?.createConversationToken.conversationToken.token }))
}).listen(Number(PORT), '127.0.0.1', function () {
  process.stdout.write(`tokens: http://127.0.0.1:${this.address().port}/my-chat\n`)
})
