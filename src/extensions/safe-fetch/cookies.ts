import { CookieJar } from 'tough-cookie'
import type { Hop } from './redirect.ts'

/** The cookies of one fetch. They live as long as its redirects, and go only where browsers would send them (RFC 6265). */
export interface HopCookies {
  /** Takes the `Set-Cookie` headers of a response. Broken ones are passed over. */
  keep(url: string, setCookies: readonly string[]): void
  /** The hop with the cookies for its URL. They replace cookies of the same name in the caller's own header. */
  addTo(hop: Hop): Hop
}

export function createHopCookies(): HopCookies {
  const jar = new CookieJar()
  return {
    keep(url, setCookies) {
      for (const line of setCookies) jar.setCookieSync(line, url, { ignoreError: true })
    },
    addTo(hop) {
      const set = jar.getCookiesSync(hop.url)
      if (set.length === 0) return hop
      const names = new Set(set.map(({ key }) => key))
      const own = (hop.headers['cookie'] ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .filter((pair) => pair !== '' && !names.has(pair.split('=', 1)[0] ?? ''))
      const cookie = [...own, ...set.map((each) => each.cookieString())].join('; ')
      return { ...hop, headers: { ...hop.headers, cookie } }
    },
  }
}
