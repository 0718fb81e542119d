import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { publint } from 'publint'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { type PackedClient, packClient } from '../support/client/packed-client.ts'

let client: PackedClient
beforeAll(() => {
  client = packClient()
})

test('publint has nothing to say about the packed package', async () => {
  const tarball = readFileSync(client.tarball)
  const { messages } = await publint({ pack: { tarball: new Uint8Array(tarball).buffer }, strict: true })
  expect(messages).toEqual([])
})

test('it holds what it needs and nothing of the server', async () => {
  const manifest = JSON.parse(readFileSync(join(client.installed, 'package.json'), 'utf8'))
  expect(Object.keys(manifest.dependencies)).toEqual(['graphql-ws'])
  expect(manifest).not.toHaveProperty('private')
  const code = await bundle("export * from 'backchannel-client'", ['graphql-ws'])
  expect(code.imports).toEqual(['graphql-ws'])
})

describe('what a page loads, minified, without graphql-ws and React', () => {
  test.each([
    ['everything', "export * from 'backchannel-client'; export * from 'backchannel-client/react'", 8192],
    ['the core alone', "export * from 'backchannel-client'", 7800],
    ['an error class alone, the rest shaken off', "export { BackchannelError } from 'backchannel-client'", 400],
  ])('%s', async (_name, entry, mostBytes) => {
    const { code } = await bundle(entry, ['graphql-ws', 'react'])
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(mostBytes)
    expect(brotliCompressSync(code).length).toBeLessThanOrEqual(mostBytes)
  })
})

async function bundle(code: string, external: readonly string[]): Promise<Rolldown.OutputChunk> {
  const entry = join(client.dir, 'entry.js')
  writeFileSync(entry, code)
  const output = await build({
    root: client.dir,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: entry, external: [...external], preserveEntrySignatures: 'strict' },
    },
  })
  const [chunk] = (output as Rolldown.RolldownOutput).output ?? []
  if (chunk?.type !== 'chunk') throw new Error('There is a chunk.')
  return chunk
}
