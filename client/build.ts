import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * Builds what is published: modules and types, and a manifest that names them. Within this repository the package is its
 * sources, so that nothing has to be built before it runs. `--to` is the folder, by default `client/build`.
 */
const root = import.meta.dirname
const { values } = parseArgs({ options: { to: { type: 'string', default: join(root, 'build') } } })
const to = resolve(values.to)

rmSync(to, { recursive: true, force: true })
mkdirSync(to, { recursive: true })
const tsc = join(root, '../node_modules/typescript/bin/tsc')
execFileSync(process.execPath, [tsc, '-p', root, '--outDir', to], { stdio: 'inherit' })

// The spaces of the documents, and the long names of their fragments, are for their readers here.
const documents = join(to, 'documents.js')
const squeezed = readFileSync(documents, 'utf8').replace(/`[^`]*`/g, (document) =>
  document
    .replace(/\s+/g, ' ')
    .replace(/ ?([{}():,]|\.{3}) ?/g, '$1')
    .replace(/\bWhole(\w)\w*/g, '$1'),
)
writeFileSync(documents, squeezed)

// So are the names of numbers: bundlers leave each as a variable.
for (const file of globSync('**/*.js', { cwd: to })) {
  const module = join(to, file)
  let code = readFileSync(module, 'utf8')
  for (const [line, name, value] of code.matchAll(/^const (\w+) = ([\d_]+);$/gm)) {
    code = code.replace(line, '').replace(new RegExp(`\\b${name}\\b`, 'g'), `${value}`)
  }
  writeFileSync(module, code)
}

const { private: _private, devDependencies: _development, ...manifest } = JSON.parse(read('package.json'))
const exports = Object.entries<string>(manifest.exports).map(([entry, source]) => {
  const built = source.replace('./src/', './').replace(/\.ts$/, '')
  // `default`, not `import`: else `require()` finds nothing.
  return [entry, { types: `${built}.d.ts`, default: `${built}.js` }]
})
writeFileSync(
  join(to, 'package.json'),
  `${JSON.stringify({ ...manifest, exports: Object.fromEntries(exports) }, null, 2)}\n`,
)
cpSync(join(root, 'README.md'), join(to, 'README.md'))
cpSync(join(root, '../LICENSE'), join(to, 'LICENSE'))

function read(name: string): string {
  return readFileSync(join(root, name), 'utf8')
}
