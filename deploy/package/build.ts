import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Makes the folder that is published: the compiled sources, the built console and a package.json of its own. Development runs the sources. */
const root = fileURLToPath(new URL('../../', import.meta.url))
const out = join(root, 'build/package')

rmSync(out, { recursive: true, force: true })
mkdirSync(join(out, 'bin'), { recursive: true })
const compiler = join(root, 'node_modules/typescript/bin/tsc')
execFileSync(process.execPath, [compiler, '-p', join(root, 'deploy/package/tsconfig.json')], { stdio: 'inherit' })
for (const file of globSync('**/*.lua', { cwd: join(root, 'src') })) {
  mkdirSync(dirname(join(out, 'dist', file)), { recursive: true })
  cpSync(join(root, 'src', file), join(out, 'dist', file))
}
execFileSync(process.execPath, [join(root, 'console/build.mjs')], { stdio: 'inherit' })
const isServed = (file: string) => !file.endsWith('.made-from')
cpSync(join(root, 'build/console'), join(out, 'build/console'), { recursive: true, filter: isServed })
cpSync(join(root, 'src/require-node.cjs'), join(out, 'bin/require-node.cjs'))
cpSync(join(root, 'deploy/package/backchannel-server.cjs'), join(out, 'bin/backchannel-server.cjs'))
chmodSync(join(out, 'bin/backchannel-server.cjs'), 0o755)
for (const file of ['LICENSE', 'CHANGELOG.md']) cpSync(join(root, file), join(out, file))
cpSync(join(root, 'deploy/package/README.md'), join(out, 'README.md'))

const { version, license, description, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const manifest = {
  name: 'backchannel-server',
  version,
  description,
  license,
  type: 'module',
  keywords: ['llm', 'graphql', 'subscriptions', 'agents', 'redis', 'resumable'],
  engines: { node: '>=22.18' },
  bin: { 'backchannel-server': 'bin/backchannel-server.cjs' },
  exports: { './package.json': './package.json' },
  files: ['bin', 'build', 'dist', 'CHANGELOG.md'],
  dependencies,
}
writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
