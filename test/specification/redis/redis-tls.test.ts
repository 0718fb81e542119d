import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { eventsOf } from '../../support/function/function-runs.ts'
import { startTlsRedis } from '../../support/redis/tls-redis.ts'
import { builtService } from '../../support/service/built-service.ts'
import { startProcess } from '../../support/service/start-process.ts'
import { dispatch } from '../../support/watching/watchers.ts'

// It starts processes, and one that finds no trust waits for ten seconds.
vi.setConfig({ testTimeout: 120_000 })

/** What `doctor` says of Redis. It is a process of its own, because Node reads NODE_EXTRA_CA_CERTS as it starts. */
async function doctorOf(REDIS_URL: string, ca: string): Promise<readonly string[]> {
  const env = { ...process.env, REDIS_URL, NODE_EXTRA_CA_CERTS: ca, PORT: '0' }
  const { stdout } = await promisify(execFile)(process.execPath, [await builtService(), 'doctor'], { env }).catch(
    (error: { readonly stdout: string }) => error,
  )
  return stdout.split('\n').filter((line) => /^(ok|fail) +REDIS_URL/.test(line))
}

const untrusted = (at: string, code: string) =>
  new RegExp(
    `^fail  REDIS_URL: Redis cannot be reached at ${at} \\(${code}\\): its certificate is not trusted; name the file of its CA in NODE_EXTRA_CA_CERTS, and use the host name of the certificate\\.$`,
  )

test('a certificate of a private CA is trusted by NODE_EXTRA_CA_CERTS, for the host that it names, by every connection', async () => {
  const [{ tlsPort, ca, otherCa }, mutual] = await Promise.all([startTlsRedis('no'), startTlsRedis('yes')])
  const at = (host: string) => `rediss://${host}:${tlsPort}`
  const said = Promise.all([
    doctorOf(at('127.0.0.1'), ca),
    doctorOf(at('127.0.0.1'), otherCa),
    doctorOf(at('localhost'), ca),
    doctorOf(`rediss://127.0.0.1:${mutual.tlsPort}`, mutual.ca),
  ])
  // A run of three leases: the thread that renews them has a connection of its own.
  const service = await startProcess('all', {
    REDIS_URL: at('127.0.0.1'),
    NODE_EXTRA_CA_CERTS: ca,
    LEASE_MS: '1000',
  })
  const channelId = await dispatch(service, { model: 'demo/delayMs=30/words=100' })
  const events = await eventsOf(service, channelId)
  expect(events.filter(({ __typename }) => __typename === 'DispatchStarted')).toHaveLength(1)
  expect(events.at(-1)?.__typename).toBe('DispatchCompleted')
  expect(service.log.filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([])

  const [right, wrongCa, wrongHost, asked] = await said
  expect(right).toEqual([expect.stringMatching(/^ok {4}REDIS_URL: \S+ [\d.]+ answers/)])
  expect(wrongCa).toEqual([expect.stringMatching(untrusted(`127.0.0.1:${tlsPort}`, '\\w+'))])
  expect(wrongHost).toEqual([expect.stringMatching(untrusted(`localhost:${tlsPort}`, 'ERR_TLS_CERT_ALTNAME_INVALID'))])
  expect(asked).toEqual([
    expect.stringMatching(/; if it asks its clients for certificates, set tls-auth-clients no\.$/),
  ])
})
