/** Whether this is the IANA name of a time zone, including `UTC`. Offsets such as `+01:00` are not. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || name.length > 64) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}

/**
 * The time zone that a client names without being asked, as browsers and phones fill it in. Null where it does not know its
 * own. Other texts are returned as they are.
 */
export function clientTimezone(header: string | undefined): string | null {
  const name = percentDecoded((header ?? '').split(',', 1)[0]?.trim() ?? '')
  if (/^(|undefined|null|unknown|etc\/unknown|local)$/i.test(name)) return null
  const { sign, hours, minutes = '00' } = offset.exec(name)?.groups ?? {}
  if (sign === undefined || hours === undefined) return name
  if (minutes !== '00') return name
  // The signs of these names are the other way round: three hours east of Greenwich is Etc/GMT-3.
  return Number(hours) === 0 ? 'UTC' : `Etc/GMT${sign === '-' ? '+' : '-'}${Number(hours)}`
}

/** Android and iOS name a zone so that has no other name. */
const offset = /^(?:GMT|UTC)(?<sign>[+-])(?<hours>\d{1,2})(?::?(?<minutes>\d\d))?$/i

function percentDecoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
