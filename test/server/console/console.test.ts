import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApis } from '../../../src/api/apis.ts'
import type { Services } from '../../../src/api/services.ts'
import { readConfig } from '../../../src/config/config.ts'
import { type Console, createConsole } from '../../../src/server/console/console.ts'
import { readBuild } from '../../../src/server/console/read-build.ts'
import { startServer } from '../../../src/server/server.ts'
import { opened } from '../../support/lifetime/opened.ts'
import { apiDeps } from '../edge.ts'
import { raw } from './raw.ts'

const folder = mkdtempSync(join(tmpdir(), 'console-build-'))
afterAll(() => rmSync(folder, { recursive: true }))

const page = '<!doctype html><title>Backchannel</title>'
const script = `export const text = '${'much of the same, '.repeat(100)}'`
const build = join(folder, 'build')
mkdirSync(join(build, 'assets'), { recursive: true })
writeFileSync(join(build, 'index.html'), page)
writeFileSync(join(build, 'assets/main-BxK3_f2a.js'), script)
writeFileSync(join(build, 'assets/icon-AAAABBBB.png'), Buffer.from([137, 80, 78, 71]))
writeFileSync(join(build, 'assets/main-BxK3_f2a.map'), '{}')
writeFileSync(join(build, 'robots.txt'), 'User-agent: *')
writeFileSync(join(folder, 'secret.txt'), 'hunter2')
symlinkSync(join(folder, 'secret.txt'), join(build, 'link.txt'))

async function start(console: Console | undefined, isOpen = true): Promise<string> {
  const services = { resources: { datasets: {}, skillsets: {} } } as Services
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    apis: createApis(apiDeps(services)),
    graphiql: null,
    console,
    isOpen,
    settings: readConfig({}, 'all'),
    reportDefect: () => 'err_1',
    readiness: async () => {},
    keptIn: 'Redis',
    drainMs: 0,
  })
  return opened(server).url
}

let url: string
beforeAll(async () => {
  url = await start(createConsole(readBuild(build)))
})

const plain = { 'accept-encoding': 'identity' }
const get = (path: string, headers: Record<string, string> = plain) => fetch(`${url}${path}`, { headers })

describe('the page', () => {
  test.for([
    '/',
    '/?a=b',
    '/runs',
    '/runs/my-first-channel',
    '/overview',
    '/resources',
    '/resources/bots/bot_1',
    '/try/c',
  ])('is served at %s, and is asked for again each time', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe(page)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  test.for(['/runsome', '/try', '/console', '/console/', '/index.html', '/favicon.ico', '//', '/graphql/runs'])(
    'is not served at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404)
    },
  )

  test('runs no inline script and takes no inline style, reaches this host alone, and stands in no frame', async () => {
    const { headers } = await get('/')
    const host = new URL(url).host
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://${host} wss://${host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  })

  test('has a policy that no Host header can add to', async () => {
    const request = "GET / HTTP/1.1\r\nHost: a'; script-src *\r\nConnection: close\r\n\r\n"
    for (const isOpen of [true, false]) {
      const answer = await raw(await start(createConsole(readBuild(build)), isOpen), request)
      expect(answer).toMatch(/^HTTP\/1.1 404 /)
      expect(answer).not.toContain('script-src')
    }
  })

  test('is not a page for what is sent to it', async () => {
    const response = await fetch(`${url}/`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(404)
  })

  test('is refused to pages from elsewhere, as everything is', async () => {
    expect((await get('/', { origin: 'https://evil.example' })).status).toBe(403)
  })
})

describe('the files', () => {
  test('with a hash in their names are kept forever, the others are asked for again', async () => {
    const kept = await get('/console/assets/main-BxK3_f2a.js')
    expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(kept.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await kept.text()).toBe(script)
    const other = await get('/console/robots.txt')
    expect(other.headers.get('cache-control')).toBe('no-cache')
    expect(other.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })

  test('come in an accepted encoding, each with a tag of its own; images come as they are', async () => {
    const answer = async (path: string, encoding: string) => {
      const text = await raw(
        url,
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept-Encoding: ${encoding}\r\n\r\n`,
      )
      const [head = '', body = ''] = text.split('\r\n\r\n')
      return { body: Buffer.from(body, 'latin1'), tag: /etag: (.*)/i.exec(head)?.[1], head: head.toLowerCase() }
    }
    const path = '/console/assets/main-BxK3_f2a.js'
    const [brotli, gzip, none] = [await answer(path, 'gzip, br'), await answer(path, 'gzip'), await answer(path, 'x')]
    expect(brotliDecompressSync(brotli.body).toString()).toBe(script)
    expect(gunzipSync(gzip.body).toString()).toBe(script)
    expect(none.body.toString()).toBe(script)
    expect(new Set([brotli.tag, gzip.tag, none.tag]).size).toBe(3)
    for (const { head } of [brotli, gzip, none]) expect(head).toContain('vary: accept-encoding')
    const image = await answer('/console/assets/icon-AAAABBBB.png', 'gzip, br')
    expect(image.head).toContain('content-type: image/png')
    expect(image.head).not.toMatch(/content-encoding|vary: .*encoding/)
  })

  test.for(['/', '/console/robots.txt'])('%s is not sent again to whoever has it', async (path) => {
    const first = await get(path)
    const etag = first.headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get(path, { ...plain, 'if-none-match': known })
      expect(again.status, known).toBe(304)
      expect(await again.text()).toBe('')
      expect(again.headers.get('etag')).toBe(etag)
      // A cache would take it for the length of what it has.
      expect(again.headers.get('content-length')).toBeNull()
      expect(again.headers.get('content-security-policy')).toBe(first.headers.get('content-security-policy'))
    }
    expect((await get(path, { ...plain, 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('answer HEAD as GET, without the body', async () => {
    for (const path of ['/', '/console/assets/main-BxK3_f2a.js']) {
      const [whole, head] = [await get(path), await fetch(`${url}${path}`, { method: 'HEAD', headers: plain })]
      expect(head.headers.get('content-length')).toBe(String((await whole.arrayBuffer()).byteLength))
      expect(head.headers.get('etag')).toBe(whole.headers.get('etag'))
      expect(await head.text()).toBe('')
    }
  })

  test.for([
    '/console/../secret.txt',
    '/console/%2e%2e/secret.txt',
    '/console/..%2fsecret.txt',
    '/console/..\\secret.txt',
    '/console//etc/passwd',
    '/console/link.txt',
    '/console/assets/main-BxK3_f2a.map',
    // Of an earlier build: HTML in its place would be taken for a script, and kept for good.
    '/console/assets/main-Older123.js',
    '/console/assets',
    '/console/assets/toString',
    '/console/__proto__',
  ])('%s is not among them', async (path) => {
    // Not by fetch, which would normalize the path.
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 404 /)
    expect(answer).not.toContain('hunter2')
  })

  test('are those that were there at the start', async () => {
    writeFileSync(join(build, 'late.txt'), 'late')
    expect((await get('/console/late.txt')).status).toBe(404)
  })
})

test('a console that is not built says how to build it, and off there is nothing', async () => {
  expect(readBuild(join(folder, 'nowhere'))).toBeNull()
  const missing = await fetch(`${await start(createConsole(null))}/`)
  expect(missing.status).toBe(503)
  expect(await missing.text()).toContain('node console/build.mjs')
  const off = await fetch(`${await start(undefined)}/`)
  expect([off.status, await off.json()]).toMatchObject([404, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
})
