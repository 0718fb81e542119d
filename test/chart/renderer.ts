import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

/** Debian has no helm, but what it is made of. */
const debianPackages = ['golang-go', 'golang-github-masterminds-sprig-dev', 'golang-k8s-sigs-yaml-dev']
const gopath = '/usr/share/gocode'

/** What the renderer gives, as much of it as the checks read. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: Labels }
  readonly spec?: object
  readonly data?: Readonly<Record<string, string>>
}
export type Labels = Readonly<Record<string, string>>

export interface Rendered {
  readonly manifests: readonly Manifest[]
  readonly notes: string
}

export interface Renderer {
  /** Throws what the chart says of values that it refuses. */
  render(values: object, release?: string): Rendered
}

/** Builds the renderer of render.go in `place`. Installs Debian's packages where they are missing and this is root. */
export function buildRenderer(place: string, chart: string): Renderer {
  const has = () => ['Masterminds/sprig', 'sigs.k8s.io/yaml'].every((name) => hasSource(name)) && hasGo()
  if (!has() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...debianPackages]])
      execFileSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  if (!has()) throw new Error(`On Debian or Ubuntu, as root: apt-get install ${debianPackages.join(' ')}`)
  const program = join(place, 'render')
  execFileSync('go', ['build', '-o', program, join(import.meta.dirname, 'render.go')], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH: gopath, GOCACHE: join(place, 'cache'), GOFLAGS: '' },
  })
  return {
    render(values, release = 'chat') {
      const input = JSON.stringify({ values, release, namespace: 'talks' })
      const files = JSON.parse(execFileSync(program, [chart], { input, encoding: 'utf8', stdio: 'pipe' })) as Files
      const { 'NOTES.txt': notes = '', ...others } = files
      return { manifests: Object.entries(others).flatMap(([name, text]) => manifestsIn(name, text)), notes }
    },
  }
}

type Files = Readonly<Record<string, string>>

const hasSource = (name: string) =>
  existsSync(join(gopath, 'src/github.com', name)) || existsSync(join(gopath, 'src', name))

function hasGo(): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, 'go')))
}

/** A key that stands twice, or what Kubernetes would read otherwise, is an error. */
function manifestsIn(name: string, text: string): readonly Manifest[] {
  const documents = parseAllDocuments(text, { version: '1.1' })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => {
    if (document.errors.length > 0 || document.warnings.length > 0)
      throw new Error(`${name}: ${[...document.errors, ...document.warnings].join('; ')}\n${text}`)
    const manifest = document.toJS() as Manifest | null
    return manifest === null ? [] : [manifest]
  })
}
