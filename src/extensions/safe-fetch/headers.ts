import { FetchRefused } from './fault.ts'

/** Lower-case names; repeated headers are joined by commas. */
export type Headers = Readonly<Record<string, string>>

/** Headers that frame the message or belong to the connection. A duplicate could smuggle a second request. */
const framing: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

export function isFramingHeader(name: string): boolean {
  return framing.includes(name.toLowerCase())
}

/** Lower-cases the names and adds our defaults. Throws FetchRefused for headers that HTTP cannot carry. */
export function checkHeaders(headers: Headers): Headers {
  const checked: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'gzip, br',
    'user-agent': 'Backchannel',
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name)) {
      throw new FetchRefused(`${JSON.stringify(name)} is not the name of a header.`)
    }
    if (isFramingHeader(name)) throw new FetchRefused(`The header ${name} is set by the client itself.`)
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new FetchRefused(`The header ${name} holds a line break or a character that headers cannot carry.`)
    }
    checked[name.toLowerCase()] = value
  }
  return checked
}
