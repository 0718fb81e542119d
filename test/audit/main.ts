import { audit } from './audit.ts'

/** `npm run audit`: known vulnerabilities of what users run. Ends with 1 when there are any; a registry that cannot answer is one line. */
const outcome = await audit()
if (outcome.kind === 'vulnerable') {
  for (const line of outcome.lines) process.stdout.write(`${line}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(outcome.kind === 'clean' ? 'No known vulnerabilities.\n' : `Not audited: ${outcome.reason}\n`)
}
