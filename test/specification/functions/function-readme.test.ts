import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { answersIn, eventsOf, stateOf, untilParked } from '../../support/function/function-runs.ts'
import { startRedis } from '../../support/redis/redis-server.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { startService } from '../../support/service/start-service.ts'

const guide = readFileSync(new URL('../../../docs/guides/functions.md', import.meta.url), 'utf8')
const run = promisify(execFile)

/** The code blocks of a section, in order. */
function blocks(heading: string, language: string): readonly string[] {
  const section = guide.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(new RegExp(`\`\`\`${language}\\n(.+?)\`\`\``, 'gs'))].map(([, code = '']) => code)
}

test('the four kinds of functions and their answers work as in the guide', async () => {
  const service = await startService()
  const [declaring = ''] = blocks('Four kinds of answers', 'graphql')
  const [answering = ''] = blocks('Answering', 'graphql')
  const ask = async (query: string, variables: object = {}, operationName?: string) => {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables, operationName }),
    })
    const { data, errors } = await response.json()
    expect(errors).toBeUndefined()
    return data
  }
  const { channelId } = (await ask(declaring)).dispatchConversation
  const calls = await untilParked(service, channelId)
  expect(Object.keys(calls)).toEqual(['ask_human', 'charge_card'])
  await ask(answering, { channelId, callId: calls['ask_human']?.id }, 'Submit')
  await ask(answering, {}, 'Publish')
  const events = await eventsOf(service, channelId)
  expect(answersIn(events)).toEqual([
    ['get_plan', { plan: 'gold' }],
    ['ask_human', { approved: true }],
    ['charge_card', { paid: 20 }],
  ])
  expect(events.at(-1)?.result?.finishReason).toBe('ACTIVITY')
  expect((await stateOf(service, channelId)).messages.at(-1)?.meta).toMatchObject({
    activity: { type: 'request', function: { name: 'open_page' } },
  })
  const going = (await ask(answering, { channelId }, 'GoOn')).dispatchConversation.channelId
  expect((await eventsOf(service, going)).at(-1)?.result?.text).toContain('I called open_page, and it answered: shown')
})

test('a parked run survives a killed and replaced worker, as in the guide', async () => {
  const redis = await startRedis()
  const env = { REDIS_URL: redis.url }
  const api = await startProcess('api', env)
  const first = await startProcess('worker', env)
  const [dispatching, looking, submitting, lookingAgain] = blocks('A run that rests', 'sh').filter((command) =>
    command.startsWith('curl '),
  )
  const [accepted, rests, submitted, ended] = blocks('A run that rests', 'json').map((line) => line.trim())
  const callIn = (output: string) => JSON.parse(output).data.dispatch.pendingCalls[0]
  const printed = callIn(rests ?? '')
  const shell = async (command = '', callId = '') => {
    const here = command.replace('http://127.0.0.1:4000', api.url).replace(printed.id, callId)
    return (await run('bash', ['-c', here])).stdout
  }
  const asPrinted = ({ id, deadline }: typeof printed) =>
    rests?.replace(printed.id, id).replace(printed.deadline, deadline)

  expect(await shell(dispatching)).toBe(accepted)
  await untilParked(api, 'refund-of-order-4711')
  const look = await shell(looking)
  expect(look).toBe(asPrinted(callIn(look)))
  await first.kill('SIGKILL')
  expect(await shell(looking)).toBe(look)
  await startProcess('worker', env)
  expect(await shell(looking)).toBe(look)
  // The worker may be quicker than that of the guide.
  const answer = await shell(submitting, callIn(look).id)
  expect(answer.replace(/RUNNING|COMPLETED/, 'QUEUED')).toBe(submitted)
  await vi.waitFor(async () => expect(await shell(lookingAgain)).toBe(ended), { timeout: 10_000 })
})
