import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { root } from '../house/imports.ts'
import { opened } from '../support/lifetime/opened.ts'

// A whole release compiles everything: release.at-length.test.ts.
test.each([
  ['next', '## Unreleased\n\n- Something.\n', 'takes a version, such as 1.2.0'],
  ['1.2', '## Unreleased\n\n- Something.\n', 'takes a version, such as 1.2.0'],
  ['9.8.7', '## Unreleased\n\n## 9.8.6, 2026-01-01\n\n- Something.\n', 'CHANGELOG.md has nothing under Unreleased'],
])('a release of %s with the changelog %j is refused and changes nothing: %s', async (version, changelog, problem) => {
  const cwd = opened(await mkdtemp(join(tmpdir(), 'release-')), (it) => rm(it, { recursive: true }))
  for (const file of ['package.json', 'deploy/release.ts', 'deploy/chart/Chart.yaml'])
    await cp(join(root, file), join(cwd, file))
  await writeFile(join(cwd, 'CHANGELOG.md'), changelog)
  const released = promisify(execFile)(process.execPath, ['deploy/release.ts', version], { cwd })
  await expect(released).rejects.toMatchObject({ code: 1, stderr: `release: ${problem}\n` })
  expect(await readFile(join(cwd, 'CHANGELOG.md'), 'utf8')).toBe(changelog)
  expect(await readFile(join(cwd, 'package.json'), 'utf8')).toBe(await readFile(join(root, 'package.json'), 'utf8'))
})
