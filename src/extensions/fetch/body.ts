import { parse, stringify } from 'yaml'
import { FetchRefused } from '../safe-fetch/fault.ts'
import type { ReferenceFiller, ReferenceValue } from './references.ts'
import { formPairs } from './url.ts'

type BodyKind = 'json' | 'yaml' | 'form' | 'markup' | 'text' | 'other'

/** What a content type says that a body is. None counts as text. */
function bodyKind(contentType: string): BodyKind {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (/[/+]json$/.test(type)) return 'json'
  if (/[/+](x-)?yaml$/.test(type)) return 'yaml'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (/[/+](xml|html|xhtml)$/.test(type)) return 'markup'
  return type === '' || type === 'text/plain' || type === 'text/markdown' ? 'text' : 'other'
}

/** Writes a body that is not a text yet: as a form or as YAML where its content type says so, and as JSON otherwise. */
export function encodeBody(body: unknown, contentType: string): string {
  const kind = bodyKind(contentType)
  if (kind === 'yaml') return stringify(body)
  if (kind !== 'form') return JSON.stringify(body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FetchRefused('The field body takes an object or a text to be sent as a form.')
  }
  return new URLSearchParams(formPairs(body as Readonly<Record<string, unknown>>, 'body')).toString()
}

/**
 * Fills references into a body that is a text, so that no value can end the string, tag or field that it stands in.
 * A form in which that cannot be promised is refused, but only when there is something to fill in.
 */
export function fillBodyText(
  text: string,
  contentType: string,
  filler: ReferenceFiller,
  valueFor: ReferenceValue,
): string {
  if (!filler.has(text)) return text
  switch (bodyKind(contentType)) {
    case 'json':
      return JSON.stringify(
        filler.data(
          readWith('JSON', () => JSON.parse(text)),
          valueFor,
        ),
      )
    case 'yaml':
      return stringify(
        filler.data(
          readWith('YAML', () => parse(text)),
          valueFor,
        ),
      )
    case 'form':
      return filler.text(text, (name) => encodeURIComponent(valueFor(name).toWellFormed()))
    case 'markup':
      return filler.text(text, (name) => escapeMarkup(valueFor(name)))
    case 'text':
      return filler.text(text, valueFor)
    case 'other':
      throw new FetchRefused(`A body of type ${contentType} cannot have references filled in.`)
  }
}

function readWith(language: string, read: () => unknown): unknown {
  try {
    return read()
  } catch {
    throw new FetchRefused(
      `The body is not ${language} as its content type says, so its references cannot be filled in.`,
    )
  }
}

/** As XML and HTML write a text. */
function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
