import { createSafeFetch, type SafeFetchDeps } from '../../../src/extensions/safe-fetch/safe-fetch.ts'
import { opened } from '../../support/lifetime/opened.ts'

const names: Readonly<Record<string, readonly string[]>> = {
  'example.com': ['93.184.215.14'],
  'both.example': ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
  'inside.example': ['10.1.2.3'],
  'half.example': ['93.184.215.14', '127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'mapped.example': ['::ffff:10.0.0.1'],
  'zone.example': ['fe80::1%eth0'],
  'odd.example': ['0177.0.0.1'],
  'empty.example': [],
  'billing.corp': ['10.0.0.7'],
  'x.billing.corp': ['10.0.0.8'],
  '127.0.0.1.nip.io': ['127.0.0.1'],
}

export const named = async (host: string) => {
  const addresses = names[host]
  if (addresses === undefined) throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })
  return addresses
}

/** Connects to no one: what would have been dialled is kept, and the connection fails. */
export function guarded(deps: Partial<SafeFetchDeps> = {}) {
  const dialled: string[] = []
  const safeFetch = opened(
    createSafeFetch({
      allow: [],
      lookup: named,
      dial: (addresses) => (options, callback) => {
        dialled.push(...addresses.map((address) => `${address} ${options.port || options.protocol}`))
        callback(Object.assign(new Error('not in a test'), { code: 'ECONNREFUSED' }), null)
      },
      ...deps,
    }),
  )
  const ask = (url: string) =>
    safeFetch
      .fetch({ url, signal: new AbortController().signal, timeoutMs: 5000, maxBytes: 1000 })
      .then(({ status }) => status)
      .catch((error: unknown) => error)
  return { ask, dialled }
}
