import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * Makes a release: the version in package.json and in the chart, the changelog's section, the packed tarball with its checksum and a list of all that is
 * in it (SBOM), a commit and a tag. `--dry-run` makes the files of build/release and changes nothing else. Publishing is left to a
 * person, or to CI, which can prove where the tarball comes from: npm publish --provenance build/release/backchannel-server-VERSION.tgz
 */
const { values, positionals } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false } },
  allowPositionals: true,
})
const root = join(import.meta.dirname, '..')
const out = join(root, 'build/release')
const isDry = values['dry-run']
const say = (line: string) => process.stdout.write(`${line}\n`)
const sh = (program: string, args: readonly string[], cwd = root) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64_000_000 })

function fail(line: string): never {
  process.stderr.write(`${line}\n`)
  process.exit(1)
}

const [version = ''] = positionals
const file = (name: string) => join(root, name)
const before = readFileSync(file('package.json'), 'utf8')
const chart = readFileSync(file('deploy/chart/Chart.yaml'), 'utf8')
const changelog = readFileSync(file('CHANGELOG.md'), 'utf8')
if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) fail('release: takes a version, such as 1.2.0')
const [, unreleased = ''] = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog) ?? []
if (unreleased.trim() === '') fail('release: CHANGELOG.md has nothing under Unreleased')
if (!isDry && sh('git', ['status', '--porcelain']) !== '') fail('release: commit first')
if (!isDry && sh('git', ['tag', '--list', `v${version}`]) !== '') fail(`release: v${version} is there already`)

const today = new Date().toISOString().slice(0, 10)
const lock = readFileSync(file('package-lock.json'), 'utf8')
const restore = () => {
  writeFileSync(file('package.json'), before)
  writeFileSync(file('package-lock.json'), lock)
  writeFileSync(file('CHANGELOG.md'), changelog)
  writeFileSync(file('deploy/chart/Chart.yaml'), chart)
}
try {
  sh('npm', ['version', version, '--no-git-tag-version', '--allow-same-version'])
  writeFileSync(
    file('CHANGELOG.md'),
    changelog.replace(/^## Unreleased\n/m, `## Unreleased\n\n## ${version}, ${today}\n`),
  )
  writeFileSync(file('deploy/chart/Chart.yaml'), chart.replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`))
  mkdirSync(out, { recursive: true })
  sh(process.execPath, ['deploy/package/build.ts'])
  sh('npm', ['pack', '--silent', '--pack-destination', out], join(root, 'build/package'))
  const tarball = `backchannel-server-${version}.tgz`
  writeFileSync(
    join(out, `backchannel-server-${version}.sbom.json`),
    sh('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--omit', 'dev']),
  )
  const sums = [tarball, `backchannel-server-${version}.sbom.json`].map((name) => {
    return `${createHash('sha256')
      .update(readFileSync(join(out, name)))
      .digest('hex')}  ${name}\n`
  })
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''))
  writeFileSync(join(out, 'notes.md'), `${unreleased.trim()}\n`)
  if (!isDry) {
    sh('git', ['add', 'package.json', 'package-lock.json', 'CHANGELOG.md', 'deploy/chart/Chart.yaml'])
    sh('git', ['commit', '-m', `chore(release): ${version}`])
    sh('git', ['tag', '-a', `v${version}`, '-m', unreleased.trim()])
  }
} catch (error) {
  restore()
  throw error
}
if (isDry) restore()
say(`${isDry ? 'Would release' : 'Released'} ${version}: build/release has the tarball, its SBOM, checksums and notes.`)
