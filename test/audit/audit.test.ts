import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { opened } from '../support/lifetime/opened.ts'
import { audit } from './audit.ts'

function packument(name: string) {
  return { name, 'dist-tags': { latest: '8.0.0' }, versions: { '8.0.0': { name, version: '8.0.0' } } }
}

/** A registry that answers npm's audit with this, and what it was asked. npm also reads the versions of vulnerable packages. */
async function startRegistry(status: number, advisories: object) {
  const asked: string[] = []
  const server = opened(
    createServer(async (request, response) => {
      if (request.method === 'GET') {
        const name = decodeURIComponent(request.url?.slice(1) ?? '')
        return void response.end(JSON.stringify(packument(name)))
      }
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      asked.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString())
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(advisories))
    }),
    (it) => {
      it.closeAllConnections()
      it.close()
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { args: [`--registry=http://127.0.0.1:${port}/`, '--fetch-retries=0'], asked }
}

const advisory = {
  id: 1,
  url: 'https://example.com/advisory',
  title: 'Reads too much',
  severity: 'high',
  vulnerable_versions: '*',
  cwe: [],
  cvss: { score: 0, vectorString: null },
}

test('a known vulnerability of a package that users run is named', async () => {
  const { args, asked } = await startRegistry(200, { ws: [advisory] })
  const outcome = await audit(args)
  expect(outcome).toMatchObject({ kind: 'vulnerable' })
  expect(outcome.kind === 'vulnerable' && outcome.lines.join('\n')).toMatch(
    /^high: ws .*Reads too much \(https:\/\/example.com\/advisory\)/m,
  )
  const [packages = '{}'] = asked
  expect(Object.keys(JSON.parse(packages))).toContain('ioredis')
  expect(Object.keys(JSON.parse(packages))).not.toContain('vitest')
})

test('nothing known is clean', async () => {
  const { args } = await startRegistry(200, {})
  expect(await audit(args)).toEqual({ kind: 'clean' })
})

test('a registry without audits is told apart from a clean answer', async () => {
  const { args } = await startRegistry(405, { error: 'Method Not Allowed' })
  expect(await audit(args)).toMatchObject({ kind: 'no answer', reason: expect.stringContaining('405') })
})
