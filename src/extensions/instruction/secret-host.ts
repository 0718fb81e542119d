import { isSecretName } from './reference.ts'
import { type Part, type Template, textsOf } from './template.ts'

/** Stands for what a model fills; no URL holds it. */
const hole = '\0'

/**
 * Refuses a fetch that sends a secret to a host of the model's choice: what a model has read on the way could make it choose
 * another's. The host may begin with what the model fills (`https://$[name].example.com`), but ends as it is written.
 */
export function checkSecretHost(input: Template, refuse: (message: string) => void): void {
  const texts = [...textsOf(input)]
  const hasSecret = texts.some(({ template }) => template.parts.some(isSecret))
  const url = texts.find(({ path }) => /^ur[li]\??$/.test(path[0] ?? ''))
  if (!hasSecret || url === undefined || isHostFixed(url.template.parts)) return
  refuse('A secret goes to hosts only that the instruction names: write the host into the url of this fetch.')
}

function isSecret(part: Part): boolean {
  return typeof part !== 'string' && part.kind === 'reference' && isSecretName(part.name)
}

function isHostFixed(parts: readonly Part[]): boolean {
  const url = parts.map((part) => (typeof part === 'string' ? part : part.kind === 'field' ? hole : 'x')).join('')
  const [, authority] = /^https?:[\\/]*([^\\/?#]*)/i.exec(url) ?? []
  // A port, or a path behind the host: neither can go on with the host's name, see `joinUrl`.
  const host = authority?.replace(/(?<=[a-z0-9\]]|:)\0+$/i, '')
  const tail = host?.slice(host.lastIndexOf(hole) + 1)
  return host !== undefined && (tail === host || /\.[^.:]+\.[^.:]+/.test(tail ?? ''))
}
