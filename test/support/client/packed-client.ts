import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { opened } from '../lifetime/opened.ts'

export interface PackedClient {
  /** A folder outside of this repository where the package is installed as npm would do it. */
  readonly dir: string
  /** The package's own folder. */
  readonly installed: string
  /** What was packed. */
  readonly built: string
  readonly tarball: string
}

const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** The client package as it would be published: built, packed and unpacked, beside what it depends on. */
export function packClient(): PackedClient {
  const dir = opened(mkdtempSync(join(tmpdir(), 'backchannel-client-')), (it) => rmSync(it, { recursive: true }))
  const built = join(dir, 'built')
  execFileSync(process.execPath, [join(repository, 'client/build.ts'), '--to', built], { stdio: 'pipe' })
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', dir, built], { encoding: 'utf8' })
  const tarball = join(dir, JSON.parse(packed)[0].filename)
  const modules = join(dir, 'node_modules')
  const installed = join(modules, 'backchannel-client')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])
  for (const name of [
    'graphql-ws',
    'graphql',
    'react',
    'react-dom',
    'scheduler',
    '@apollo/client',
    '@urql/core',
    'wonka',
    'rxjs',
  ]) {
    const link = join(modules, name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(repository, 'node_modules', name), link)
  }
  return { dir, installed, built, tarball }
}
