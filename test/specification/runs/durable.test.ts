import { execFile } from 'node:child_process'
import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { codeBlocks } from '../../house/pages.ts'
import { startEchoServer } from '../../secrets/echo-server.ts'
import { runToEnd } from '../../support/service/run-to-end.ts'
import { type ServiceProcess, startProcess } from '../../support/service/start-process.ts'
import { dataFolder } from '../../support/sqlite/data-folder.ts'
import {
  canonical,
  collect,
  dispatch,
  graphql,
  type SeenEvent,
  watchWebsocket,
} from '../../support/watching/watchers.ts'

const run = promisify(execFile)
const slow = 'demo/delayMs=20/words=120'

const serviceOf = (server: ServiceProcess) => ({ ...server, close: async () => {} })

/** A curl of the README, against this server. */
async function shell(server: ServiceProcess, start: string, change = (text: string) => text): Promise<string> {
  const command = codeBlocks('README.md', 'sh').find((block) => block.startsWith(start)) ?? ''
  return (await run('bash', ['-c', change(command.replaceAll('http://127.0.0.1:4000', server.url))])).stdout
}

test("a dispatch of the README survives kill -9, and the README's curl resumes after a cursor of before", async () => {
  const env = { DATA_DIR: dataFolder(), DEFAULT_MODEL: slow }
  const first = await startProcess('all', env)
  expect(await shell(first, 'curl -s')).toContain('"channelId":"my-first-channel"')
  const before: { cursor: string; text?: string | undefined }[] = []
  for await (const event of watchWebsocket(serviceOf(first), { channelId: 'my-first-channel' })) {
    before.push(event)
    if (before.length === 12) break
  }
  await first.kill('SIGKILL')

  const second = await startProcess('all', env)
  const after = (text: string) =>
    text.replace(
      '(channelId: \\"my-first-channel\\")',
      `(channelId: \\"my-first-channel\\", after: \\"${before.at(-1)?.cursor}\\")`,
    )
  const rest = await shell(second, 'curl -N', after)
  expect(rest).toMatch(/"DispatchStarted"[\s\S]*"MessageDiscarded"[\s\S]*"DispatchCompleted"[\s\S]*event: complete/)
  // The same log from its beginning: what was seen before the kill, then what the curl has shown.
  const all = await collect(watchWebsocket(serviceOf(second), { channelId: 'my-first-channel' }))
  const [seen, resumed] = [
    before.map(({ cursor }) => cursor),
    [...rest.matchAll(/"cursor":"([^"]+)"/g)].map(([, cursor]) => cursor),
  ]
  expect(resumed.filter((cursor) => seen.includes(cursor ?? ''))).toEqual([])
  expect(all.at(-1)?.cursor).toBe(resumed.at(-1))
  // The same dispatch again is the same run.
  expect(await shell(second, 'curl -s')).toContain('"channelId":"my-first-channel"')
  expect((await collect(watchWebsocket(serviceOf(second), { channelId: 'my-first-channel' }))).length).toBe(all.length)
})

test('sealed secrets and channel tokens hold after kill -9, without keys of the configuration', async () => {
  const DATA_DIR = dataFolder()
  const first = await startProcess('all', { DATA_DIR })
  const made = await graphql<{ createSecret: { id: string }; createChannelToken: { channelToken: { token: string } } }>(
    serviceOf(first),
    `mutation { createSecret(input: { name: "weather", type: BEARER, value: "hunter2" }) { id }
      createChannelToken(input: { channelId: "my-second-channel" }) { channelToken { token } } }`,
  )
  expect(made.errors).toBe(undefined)
  await first.kill('SIGKILL')
  for (const file of ['backchannel.db', 'backchannel.db-wal', 'keys', 'lock']) {
    expect([file, statSync(join(DATA_DIR, file)).mode & 0o777]).toEqual([file, 0o600])
  }
  const outside = await startEchoServer()
  const second = await startProcess('all', { DATA_DIR, FETCH_ALLOW: outside.host })
  const { token } = made.data.createChannelToken.channelToken
  const response = await fetch(`${second.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ dispatch(channelId: "my-second-channel") { status } }' }),
  })
  expect(await response.json()).toEqual({ data: { dispatch: null } })
  const { data } = await graphql<{ secrets: { edges: { node: { name: string } }[] } }>(
    serviceOf(second),
    '{ secrets { edges { node { name } } } }',
  )
  expect(data.secrets.edges).toEqual([{ node: { name: 'weather' } }])
  // It is opened, too: a call sends it out.
  const ask = {
    name: 'ask',
    description: 'Asks for the weather.',
    instruction: `\`\`\`fetch\nurl: http://${outside.host}/ok\nheaders:\n  X-Key: \${SECRET_DEFAULT}\n\`\`\``,
    secretId: made.data.createSecret.id,
  }
  const channelId = await dispatch(second, {
    messages: [{ type: 'USER', text: 'Please call ask.' }],
    extensions: { skillsets: [{ abilities: [ask] }] },
  })
  await collect(watchWebsocket(serviceOf(second), { channelId }))
  expect(outside.seen.map((headers) => JSON.parse(headers)['x-key'])).toEqual(['Bearer hunter2'])
})

test('the documented backup is made while the service writes; restored, it has what ended, goes on with what had not, and knows who was ahead', async () => {
  const env = { DATA_DIR: dataFolder(), DEFAULT_MODEL: 'demo/delayMs=20/words=1000' }
  const first = await startProcess('all', env)
  const ended = await dispatch(first, { model: 'demo/delayMs=0/words=50' })
  const whole = await collect(watchWebsocket(serviceOf(first), { channelId: ended }))
  const channelId = await dispatch(first)
  const seen: SeenEvent[] = []
  const watching = watchWebsocket(serviceOf(first), { channelId })
  const isAhead = (async () => {
    for await (const event of watching) seen.push(event)
  })().catch(() => {})
  const file = join(dataFolder(), 'backchannel-1.db')
  const [command = ''] = codeBlocks('docs/operations/embedded.md', 'sh')
  const documented = command.replace('node ', `${process.execPath} `).replace('/backups/backchannel-1.db', file)
  await run('bash', ['-c', documented], { env: { ...process.env, ...env } })
  // It went on writing all the while.
  const before = seen.length
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(before + 2), { timeout: 10_000 })
  await first.kill('SIGKILL')
  await isAhead

  const restored = dataFolder()
  copyFileSync(file, join(restored, 'backchannel.db'))
  copyFileSync(join(env.DATA_DIR, 'keys'), join(restored, 'keys'))
  const second = await startProcess('all', { ...env, DATA_DIR: restored })
  const again = await collect(watchWebsocket(serviceOf(second), { channelId: ended }))
  expect(canonical(again)).toBe(canonical(whole))
  const attempts: (number | undefined)[] = []
  for await (const { __typename, attempt } of watchWebsocket(serviceOf(second), { channelId })) {
    if (__typename === 'DispatchStarted') attempts.push(attempt)
    if (attempts.length === 2) break
  }
  expect(attempts).toEqual([1, 2])
  const ahead = collect(watchWebsocket(serviceOf(second), { channelId, after: seen.at(-1)?.cursor ?? null }))
  await expect(ahead).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' })
})

test('a second process on the folder ends with one line, and SIGTERM hands runs over to the next start', async () => {
  const env = { DATA_DIR: dataFolder(), DEFAULT_MODEL: slow }
  const first = await startProcess('all', env)
  const { code, stderr } = await runToEnd('all', env)
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^DATA_DIR \S+: another process uses this folder[^\n]+\n$/)])
  await shell(first, 'curl -s')
  const watching = watchWebsocket(serviceOf(first), { channelId: 'my-first-channel' })
  for await (const { __typename } of watching) if (__typename === 'TextDelta') break
  expect(await first.kill('SIGTERM')).toBe(0)
  const second = await startProcess('all', env)
  const events = await collect(watchWebsocket(serviceOf(second), { channelId: 'my-first-channel' }))
  expect(events.at(-1)?.__typename).toBe('DispatchCompleted')
})
