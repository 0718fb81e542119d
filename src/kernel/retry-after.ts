type Headers = Readonly<Record<string, string>> | undefined

/**
 * When a server wants to be asked again: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). A
 * date is compared with the `Date` of the same answer, so clocks need not agree. Null: it does not say.
 */
export function retryAfterMs(headers: Headers): number | null {
  const exact = milliseconds(headers?.['retry-after-ms'], 1)
  if (exact !== null) return exact
  const after = headers?.['retry-after']
  return milliseconds(after, 1000) ?? between(headers?.['date'], after)
}

function milliseconds(text: string | undefined, unit: number): number | null {
  if (text === undefined || !/^\d+(\.\d+)?$/.test(text.trim())) return null
  return Math.ceil(Number(text) * unit)
}

function between(from: string | undefined, to: string | undefined): number | null {
  const ms = Date.parse(to ?? '') - Date.parse(from ?? '')
  return Number.isNaN(ms) ? null : Math.max(ms, 0)
}
