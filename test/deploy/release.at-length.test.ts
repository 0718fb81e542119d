import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { root } from '../house/imports.ts'
import { opened } from '../support/lifetime/opened.ts'

const run = promisify(execFile)
vi.setConfig({ testTimeout: 180_000 })
const files = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.npmrc',
  'LICENSE',
  'CHANGELOG.md',
  'src',
  'client',
  'console',
  'schema.graphql',
  'deploy',
]

/** A repository with what a release is made of. */
async function copyRepository(): Promise<string> {
  const copy = opened(await mkdtemp(join(tmpdir(), 'release-')), (it) => rm(it, { recursive: true }))
  for (const file of files) await cp(join(root, file), join(copy, file), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  const git = (...args: readonly string[]) => run('git', args, { cwd: copy })
  await git('init', '--quiet')
  await git('config', 'user.name', 'Test')
  await git('config', 'user.email', 'test@example.com')
  await git('config', 'core.excludesFile', join(root, '.gitignore'))
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'all')
  return copy
}

test('a release has its version everywhere, a tag with its notes, a tarball, an SBOM and checksums; a dry run changes nothing', async () => {
  const cwd = await copyRepository()
  const release = (...args: readonly string[]) => run(process.execPath, ['deploy/release.ts', ...args], { cwd })
  const git = async (...args: readonly string[]) => (await run('git', args, { cwd })).stdout.trim()
  const before = await git('rev-parse', 'HEAD')
  await expect(release('next')).rejects.toMatchObject({ stderr: 'release: takes a version, such as 1.2.0\n' })
  await release('9.8.7', '--dry-run')
  expect([await git('status', '--porcelain'), await git('rev-parse', 'HEAD'), await git('tag')]).toEqual([
    '',
    before,
    '',
  ])

  await release('9.8.7')
  expect(await git('status', '--porcelain')).toBe('')
  expect(JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')).version).toBe('9.8.7')
  expect(await readFile(join(cwd, 'deploy/chart/Chart.yaml'), 'utf8')).toMatch(
    /^version: 9\.8\.7\nappVersion: 9\.8\.7$/m,
  )
  expect(await readFile(join(cwd, 'CHANGELOG.md'), 'utf8')).toMatch(
    /^## Unreleased\n\n## 9\.8\.7, \d{4}-\d\d-\d\d\n\n- /m,
  )
  expect(await git('tag', '-n99', 'v9.8.7')).toContain('SIGTERM')
  await run('sha256sum', ['-c', 'SHA256SUMS'], { cwd: join(cwd, 'build/release') })
  const sbom = JSON.parse(await readFile(join(cwd, 'build/release/backchannel-server-9.8.7.sbom.json'), 'utf8'))
  const names = (sbom.components as { name: string }[]).map(({ name }) => name)
  expect(names).toContain('graphql-yoga')
  expect(names).not.toContain('vitest')
  await expect(release('9.8.7')).rejects.toMatchObject({
    stderr: 'release: CHANGELOG.md has nothing under Unreleased\n',
  })
})
