import { execFile } from 'node:child_process'

export type AuditOutcome =
  | { readonly kind: 'clean' }
  /** One line for each package with a known vulnerability. */
  | { readonly kind: 'vulnerable'; readonly lines: readonly string[] }
  /** The registry has no audit endpoint, or cannot be reached. */
  | { readonly kind: 'no answer'; readonly reason: string }

interface Report {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>
  readonly message?: string
  readonly error?: { readonly summary: string }
}

interface Vulnerability {
  readonly severity: string
  readonly range: string
  readonly via: readonly (string | { readonly title: string; readonly url: string })[]
}

/** Asks the registry for known vulnerabilities of the locked packages that users run. `args` go to npm. */
export function audit(args: readonly string[] = []): Promise<AuditOutcome> {
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--omit=dev', '--json', ...args], { maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      resolve(
        outcomeOf(stdout) ?? { kind: 'no answer', reason: (stderr.trim() || error?.message) ?? 'npm said nothing' },
      )
    })
  })
}

function outcomeOf(stdout: string): AuditOutcome | null {
  if (!stdout.trimStart().startsWith('{')) return null
  const { vulnerabilities, message, error } = JSON.parse(stdout) as Report
  if (vulnerabilities === undefined)
    return { kind: 'no answer', reason: message ?? error?.summary ?? 'an answer without a report' }
  const lines = Object.entries(vulnerabilities).map(([name, { severity, range, via }]) => {
    const titles = via.map((each) => (typeof each === 'string' ? `through ${each}` : `${each.title} (${each.url})`))
    return `${severity}: ${name} ${range}: ${titles.join('; ')}`
  })
  return lines.length === 0 ? { kind: 'clean' } : { kind: 'vulnerable', lines }
}
