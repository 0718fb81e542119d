import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { packClient } from '../support/client/packed-client.ts'
import { ensureTools } from '../support/ensure-tools.ts'
import { withScope } from '../support/lifetime/opened.ts'
import { startService } from '../support/service/start-service.ts'

/**
 * Packs the client and tries the tarball as its users would, with packages from the registry: in an empty project under several
 * runtimes, and in an empty Vite project whose built page runs in Chromium. Exits with 1 at the first thing that is not right.
 */
const { values } = parseArgs({ options: { runtime: { type: 'string', multiple: true } } })
const runtimes = values.runtime ?? ['node@20', 'node@22', 'node@24', 'deno@2', 'bun@1']
const words = 40
const mostBytes = 8192
const run = promisify(execFile)
const say = (line: string) => process.stdout.write(`${line}\n`)

const watching = `
import { createBackchannel } from 'backchannel-client'
const client = createBackchannel({ url: globalThis.process?.argv.at(-1) ?? '/graphql' })
const { channelId } = await client.dispatch('Hello')
let text = ''
for await (const event of client.watch(channelId)) if (event.__typename === 'TextDelta') text += event.text
`
const program = `${watching}console.log(text)\n`
const page = `${watching}document.body.textContent = text\ndocument.title = 'done'\n`
/** What the package is without what it depends on. */
const exported = "export * from 'backchannel-client'\nexport * from 'backchannel-client/react'\n"
const exportedBuild = `export default { build: { minify: true, rolldownOptions: {
  input: 'exported.js', external: ['graphql-ws', 'react'], preserveEntrySignatures: 'strict',
  output: { entryFileNames: 'exported.js' } }, outDir: 'exported' } }\n`

function check(what: string, isRight: boolean): void {
  if (!isRight) throw new Error(`Not right: ${what}`)
}

/** An empty project of npm with these packages. */
async function createProject(dir: string, packages: readonly string[]) {
  mkdirSync(dir)
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text)
  // The scripts of these packages fetch nothing; they put the program in its place.
  const allowScripts = { node: true, deno: true, bun: true, esbuild: true }
  write('package.json', JSON.stringify({ name: 'empty', private: true, type: 'module', allowScripts }))
  const sh = async (command: string, ...args: string[]) =>
    (await run(command, args, { cwd: dir, timeout: 120_000 })).stdout
  await sh('npm', 'install', '--no-audit', '--no-fund', ...packages)
  return { dir, write, sh, bin: (name: string) => join(dir, 'node_modules/.bin', name) }
}

async function tryRuntime(place: string, tarball: string, runtime: string, url: string): Promise<void> {
  const name = runtime.replace(/@.*/, '')
  const { write, sh, bin } = await createProject(join(place, runtime), [tarball, runtime])
  write('main.mjs', program)
  const args = name === 'deno' ? ['run', '--allow-net', '--allow-read', '--allow-env'] : []
  const text = await sh(bin(name), ...args, 'main.mjs', url)
  check(`${runtime} watches ${words} words: ${text}`, text.trim().split(/\s+/).length === words)
  const version = (await sh(bin(name), '--version')).trim().split('\n')[0]
  // `require` of an ESM package came with Node 20.19.
  write('required.cjs', "console.log(typeof require('backchannel-client').createBackchannel)")
  if (name === 'node')
    check('it can be required', (await sh(bin(name), '--no-warnings', 'required.cjs')).trim() === 'function')
  say(`${name} ${version}: imported, dispatched, watched${name === 'node' ? ', required' : ''}`)
}

async function tryVite(place: string, tarball: string, url: string): Promise<void> {
  const { dir, write, sh, bin } = await createProject(join(place, 'vite'), [tarball, 'vite@8', 'react@19'])
  write('index.html', '<!doctype html><body><script type="module" src="/page.js"></script>')
  write('page.js', page)
  write('exported.js', exported)
  write('exported.config.js', exportedBuild)
  await sh(bin('vite'), 'build', '--logLevel', 'error')
  await sh(bin('vite'), 'build', '--logLevel', 'error', '--config', 'exported.config.js')
  const read = (name: string) => readFileSync(join(dir, name), 'utf8')
  const html = read('dist/index.html')
  const script = read(`dist${/src="(\/assets\/[^"]+)"/.exec(html)?.[1]}`)
  const own = gzipSync(read('exported/exported.js'), { level: 9 }).length
  check(`it has ${own} bytes, compressed, without graphql-ws and React`, own <= mostBytes)

  const { chromium: executablePath } = await ensureTools()
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
  try {
    const tab = await browser.newPage()
    await tab.route('**/built', (route) => route.fulfill({ contentType: 'text/html', body: html }))
    await tab.route('**/assets/*', (route) => route.fulfill({ contentType: 'text/javascript', body: script }))
    await tab.goto(url.replace('/graphql', '/built'))
    await tab.waitForFunction(() => document.title === 'done')
    const text = (await tab.locator('body').textContent()) ?? ''
    check(`the built page shows ${words} words: ${text}`, text.trim().split(/\s+/).length === words)
  } finally {
    await browser.close()
  }
  say(
    `Vite: the built page works in Chromium; ${own} bytes, compressed, and ${gzipSync(script).length} with graphql-ws`,
  )
}

async function findsNothing(built: string, tarball: string): Promise<void> {
  const sh = async (command: string, ...args: string[]) => {
    const { stdout, stderr } = await run(command, args, { cwd: built })
    return stdout + stderr
  }
  const publint = await sh('npx', '--yes', 'publint', tarball)
  check(`publint finds nothing:\n${publint}`, publint.includes('All good'))
  const attw = await sh('npx', '--yes', '@arethetypeswrong/cli', tarball, '--profile', 'esm-only')
  // It ends with an error where it finds something.
  check(`attw looks at every entry:\n${attw}`, attw.includes('backchannel-client/urql'))
  const warnings = (await sh('npm', 'publish', '--dry-run', '--access', 'public'))
    .split('\n')
    .filter((line) => line.startsWith('npm warn') && !line.includes('be logged in'))
  check(`npm publish --dry-run warns of nothing:\n${warnings.join('\n')}`, warnings.length === 0)
  say('publint, attw and npm publish --dry-run: nothing to say')
}

await withScope(async () => {
  const { dir, built, tarball } = packClient()
  await findsNothing(built, tarball)
  const { url } = await startService({ model: `demo/delayMs=1/words=${words}` })
  await tryVite(dir, tarball, `${url}/graphql`)
  for (const runtime of runtimes) await tryRuntime(dir, tarball, runtime, `${url}/graphql`)
})
