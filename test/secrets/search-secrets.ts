export interface Finding {
  readonly secret: string
  readonly place: string
  readonly form: string
}

export interface Search {
  /** By name. */
  readonly secrets: Readonly<Record<string, string>>
  /** What has been written or said somewhere, by where. */
  readonly places: Readonly<Record<string, string>>
  /** Whether it is right that the place has the secret. */
  readonly mayHave: (secret: string, place: string) => boolean
}

/** Every secret in every place, in whatever form a program could have put it there. */
export function searchSecrets({ secrets, places, mayHave }: Search): readonly Finding[] {
  return Object.entries(places).flatMap(([place, text]) => {
    const folded = text.toLowerCase()
    return Object.entries(secrets).flatMap(([secret, value]) => {
      if (mayHave(secret, place)) return []
      const form = Object.entries(formsOf(value)).find(([, forms]) =>
        // Letters of either case: of `%2F` and `%2f`, of hex, and of what was put in capitals.
        forms.some((each) => folded.includes(each.toLowerCase())),
      )
      return form === undefined ? [] : [{ secret, place, form: form[0] }]
    })
  })
}

function formsOf(value: string): Readonly<Record<string, readonly string[]>> {
  const bytes = Buffer.from(value)
  const escaped = JSON.stringify(value).slice(1, -1)
  return {
    'as it is': [value],
    'in JSON': [escaped, JSON.stringify(escaped).slice(1, -1), asciiEscaped(value)],
    'URL-encoded': [encodeURIComponent(value), encodeURI(value), new URLSearchParams({ v: value }).toString().slice(2)],
    hex: [bytes.toString('hex')],
    base64: [0, 1, 2].flatMap((shift) => base64At(bytes, shift)),
    // A key that is given as hex is used as bytes.
    'the bytes of its hex': /^([0-9a-f]{2}){16,}$/.test(value)
      ? [0, 1, 2].flatMap((shift) => base64At(Buffer.from(value, 'hex'), shift))
      : [],
  }
}

function asciiEscaped(value: string): string {
  return JSON.stringify(value)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As base64 of a longer text has it that begins so many bytes before: without what the neighbours have a part in. */
function base64At(bytes: Uint8Array, shift: number): readonly string[] {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const inner = text.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1)
  return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
}
