import { parse, stringify } from 'yaml'
import { parseJson, stringifyJson } from '../../kernel/json.ts'
import { FetchRefused } from '../safe-fetch/fault.ts'
import type { ReferenceFiller, ReferenceValue } from './references.ts'
import { formPairs } from './url.ts'

type BodyKind = 'json' | 'yaml' | 'form' | 'markup' | 'text' | 'other'

/** The kind of body that a content type names. No content type counts as text. */
function bodyKind(contentType: string): BodyKind {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (/[/+]json$/.test(type)) return 'json'
  if (/[/+](x-)?yaml$/.test(type)) return 'yaml'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (/[/+](xml|html|xhtml)$/.test(type)) return 'markup'
  return type === '' || type === 'text/plain' || type === 'text/markdown' ? 'text' : 'other'
}

/** Serialises a body that is not text: as a form or YAML if the content type says so, otherwise as JSON. */
export function encodeBody(body: unknown, contentType: string): string {
  const kind = bodyKind(contentType)
  if (kind === 'yaml') return stringify(body)
  if (kind !== 'form') return stringifyJson(body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new FetchRefused('The field body takes an object or a text to be sent as a form.')
  }
  return new URLSearchParams(formPairs(body as Readonly<Record<string, unknown>>, 'body')).toString()
}

/**
 * Fills references into a text body so that no value can end the string, tag or field it stands in. Refuses a format
 * where this cannot be guaranteed, but only if there is a reference to fill.
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
      return stringifyJson(
        filler.data(
          readWith('JSON', () => parseJson(text)),
          valueFor,
        ),
      )
    case 'yaml':
      return stringify(
        filler.data(
          readWith('YAML', () => parse(text, { intAsBigInt: true })),
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

/** Escapes a text for XML and HTML. */
function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
