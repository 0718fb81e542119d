import { mkdtempSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

/**
 * `node test/support/service/build-service.ts FOLDER`: puts the service and its packages into a few files of that folder, of which
 * `main.mjs` is started as `src/main.ts` is. To find the files of half a thousand modules is most of what the start of a process
 * costs. Each module still takes itself to be where its source is, so helpers, threads and Lua scripts are those of `src`.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url))
const [folder = ''] = process.argv.slice(2)
const made = mkdtempSync(`${folder}-`)

await build({
  configFile: false,
  logLevel: 'error',
  root,
  // As in vitest.config.ts: one copy of graphql.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  ssr: { noExternal: true },
  plugins: [
    {
      name: 'modules-where-their-sources-are',
      transform(code, id) {
        const [path = id] = id.split('?')
        if (!code.includes('import.meta.')) return null
        const url = JSON.stringify(pathToFileURL(path).href)
        const dir = JSON.stringify(dirname(path))
        return { code: code.replaceAll('import.meta.url', url).replaceAll('import.meta.dirname', dir), map: null }
      },
    },
  ],
  build: {
    ssr: true,
    target: 'node24',
    outDir: made,
    rolldownOptions: {
      input: { main: join(root, 'src/main.ts') },
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    },
  },
})
renameSync(made, folder)
