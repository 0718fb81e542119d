import { readFileSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createGraphiqlAssets } from '../../../src/server/graphiql/graphiql-assets.ts'
import { graphiqlTabs } from '../../../src/server/graphiql/graphiql-tabs.ts'

const assets = createGraphiqlAssets()
const channelId = 'channel-of-this-test'
const { headers: pageHeaders, body } = await assets.page({ channelId })
const html = body.toString()
const paths = [...html.matchAll(/"(\/graphql\/assets\/[^"]+)"/g)].map(([, path = '']) => path)

async function get(path: string, acceptEncoding = '') {
  const response = await assets.handle({ path, acceptEncoding })
  if (response === null) throw new Error(`not an asset: ${path}`)
  return response
}

describe('the page', () => {
  test('names its assets by their content', () => {
    expect(paths.map((path) => path.replace(/\.[0-9a-f]{16}\./, '.<hash>.'))).toEqual([
      '/graphql/assets/favicon.<hash>.ico',
      '/graphql/assets/graphiql.<hash>.css',
      '/graphql/assets/graphiql.<hash>.js',
      '/graphql/assets/boot.<hash>.js',
      '/graphql/assets/editor-worker.<hash>.js',
      '/graphql/assets/json-worker.<hash>.js',
      '/graphql/assets/graphql-worker.<hash>.js',
    ])
  })

  test('is small, is not cached, and names no other host', () => {
    expect(body.length).toBeLessThan(10_000)
    expect(pageHeaders['cache-control']).toBe('no-store')
    expect(pageHeaders['content-type']).toBe('text/html; charset=utf-8')
    expect(html).not.toMatch(/https?:|\/\/[a-z]/)
  })

  test('lets the browser reach its own host only, and runs no inline script and no eval', () => {
    const policy = pageHeaders['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|blob:/)
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) expect(tag).toMatch(/ src="| type="application\/json"/)
  })

  test('carries any channel id as data, never as markup', async () => {
    const page = await assets.page({ channelId: '</script><script>alert(1)</script>' })
    expect(page.body.toString()).not.toContain('<script>alert')
  })
})

describe('the parts', () => {
  test('are cached forever and have their types', async () => {
    for (const path of paths) {
      const { status, headers, body: content } = await get(path)
      const extension = path.slice(path.lastIndexOf('.') + 1)
      const types: Record<string, string> = {
        css: 'text/css; charset=utf-8',
        ico: 'image/x-icon',
        js: 'text/javascript; charset=utf-8',
      }
      expect(status).toBe(200)
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': types[extension],
        vary: 'accept-encoding',
      })
      expect(headers).not.toHaveProperty('content-encoding')
      expect(content.length).toBeGreaterThan(500)
    }
  })

  test('come in an accepted encoding, with the same content in each, compressed once', async () => {
    const path = paths.find((candidate) => candidate.includes('editor-worker')) ?? ''
    const plain = (await get(path, 'deflate')).body
    const brotli = await get(path, 'gzip, deflate, br, zstd')
    const gzip = await get(path, 'gzip;q=0.8, br;q=0')
    expect(brotli.headers['content-encoding']).toBe('br')
    expect(gzip.headers['content-encoding']).toBe('gzip')
    expect(brotliDecompressSync(brotli.body).equals(plain)).toBe(true)
    expect(gunzipSync(gzip.body).equals(plain)).toBe(true)
    expect((await get(path, 'br')).body).toBe(brotli.body)
  })

  test('are the only ones: an unknown name is a 404, and another folder is not served', async () => {
    expect((await get('/graphql/assets/graphiql.0000000000000000.js')).status).toBe(404)
    expect((await get('/graphql/assets/../page')).status).toBe(404)
    expect(await assets.handle({ path: '/graphql', acceptEncoding: '' })).toBeNull()
  })
})

describe('the tabs', () => {
  const tabs = graphiqlTabs(channelId)

  test('are one operation each, named in the order in which to run them', () => {
    const names = tabs.map(({ query }) =>
      parse(query).definitions.map((definition) => 'name' in definition && definition.name?.value),
    )
    const watching = [['Dispatch'], ['Watch'], ['Snapshot'], ['Resume']]
    const chatting = [['Chat'], ['WatchChat'], ['Regenerate'], ['Interrupt']]
    expect(names).toEqual([...watching, ['DispatchCall'], ['WatchCall'], ['AnswerCall'], ...chatting])
  })

  test('are valid in the published schema', () => {
    const schema = buildSchema(readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8'))
    for (const { query } of tabs) expect(validate(schema, parse(query))).toEqual([])
  })

  test('have comments that a window 1280 pixels wide shows whole', () => {
    const comments = tabs.flatMap(({ query }) => query.split('\n').filter((line) => line.startsWith('#')))
    expect(comments.length).toBeGreaterThan(20)
    expect(comments.filter((line) => line.length > 44)).toEqual([])
  })

  test('share the channel of their page, those of a call another, and those of a chat a conversation', () => {
    const places = tabs.map(({ variables }) => JSON.parse(variables))
    expect(places.map(({ channelId, conversationId }) => channelId ?? conversationId)).toEqual([
      ...Array(4).fill('channel-of-this-test'),
      ...Array(3).fill('channel-of-this-test-call'),
      ...Array(4).fill('channel-of-this-test-chat'),
    ])
    expect(html).toContain(channelId)
  })
})
