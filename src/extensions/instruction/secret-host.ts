import { isSecretName } from './reference.ts'
import { type Part, type Template, textsOf } from './template.ts'

/** Stands for text from the model; no URL contains this character. */
const hole = '\0'

/**
 * Refuses a fetch that sends a secret to a host that the model can choose: text that the model has read could make it
 * choose an attacker's host. The model may fill the beginning of the host (`https://$[name].example.com`), but not its
 * end.
 */
export function checkSecretHost(input: Template, refuse: (message: string) => void): void {
  const texts = [...textsOf(input)]
  const hasSecret = texts.some(({ template }) => template.parts.some(isSecret))
  const url = texts.find(({ path }) => /^ur[li]\??$/.test(path[0] ?? ''))
  if (!hasSecret || url === undefined || isHostFixed(url.template.parts)) return
  refuse('Secrets are sent only to hosts that the instruction names: write the host into the url of this fetch.')
}

function isSecret(part: Part): boolean {
  return typeof part !== 'string' && part.kind === 'reference' && isSecretName(part.name)
}

function isHostFixed(parts: readonly Part[]): boolean {
  const url = parts.map((part) => (typeof part === 'string' ? part : part.kind === 'field' ? hole : 'x')).join('')
  const [, authority] = /^https?:[\\/]*([^\\/?#]*)/i.exec(url) ?? []
  // A port or a path after the host. Neither can extend the host name, see `joinUrl`.
  const host = authority?.replace(/(?<=[a-z0-9\]]|:)\0+$/i, '')
  const tail = host?.slice(host.lastIndexOf(hole) + 1)
  return host !== undefined && (tail === host || /\.[^.:]+\.[^.:]+/.test(tail ?? ''))
}
