import { keepLatest } from './keep-latest.ts'

/** Whether this is the IANA name of a time zone, including `UTC`. Offsets such as `+01:00` are not. */
export function isTimezone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && formatOf(name) !== null
}

/** Whether this is an IANA name, or an offset as `clientTimezone` writes it. */
export function isZoneOrOffset(name: string): boolean {
  return isTimezone(name) || (/^[+-]\d\d:\d\d$/.test(name) && formatOf(name) !== null)
}

export interface LocalTime {
  /** `2026-11-23` */
  readonly date: string
  /** `14:05:59` */
  readonly time: string
  readonly weekday: string
}

/** A moment, in ms since 1970, by the clock of a time zone. Throws for what is none. */
export function localTime(zone: string, at: number): LocalTime {
  const format = formatOf(zone)
  if (format === null) throw new RangeError(`${zone} is no time zone.`)
  const [date = '', time = ''] = format.format(at).split(' ')
  return { date, time, weekday: weekdays.format(Date.parse(date)) }
}

const weekdays = new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone: 'UTC' })

/** Of 600 names and aliases. A format holds some tens of kilobytes. */
const mostFormats = 100
/** By zone in lower case. A format costs 140 µs to make, and 1 µs to use. */
const formats = keepLatest<Intl.DateTimeFormat>(mostFormats)

/** Null: there is no such time zone. */
function formatOf(zone: string): Intl.DateTimeFormat | null {
  if (zone.length > 64) return null
  return formats(zone.toLowerCase(), () => newFormat(zone))
}

const digits = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const

function newFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    // The Swedish locale formats dates and times as ISO 8601, with a space between.
    return new Intl.DateTimeFormat('sv-SE', { year: 'numeric', ...digits, timeZone })
  } catch {
    return null
  }
}

/**
 * The time zone that a client names without being asked, as browsers and phones fill it in. Null where it does not know its
 * own, and for a name that may be newer than our list: a browser's list is younger than a server's. Other texts are returned as
 * they are.
 */
export function clientTimezone(header: string | undefined): string | null {
  const name = percentDecoded((header ?? '').split(',', 1)[0] ?? '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
  if (/^(|undefined|null|nan|unknown|etc\/unknown|local|localtime)$/i.test(name)) return null
  const zone = zoneOfOffset(name) ?? name
  return !isZoneOrOffset(zone) && area.test(zone) ? null : zone
}

/** Names of places are added now and then; areas are not. */
const area =
  /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Za-z][\w+-]*(\/[A-Za-z][\w+-]*)?$/i

/** Android writes `GMT+05:30` for a zone without a name, iOS `GMT+0530`, Java `+05:30`. Minutes are two digits after two. */
const offset = /^(?:GMT|UTC|Z)?(?<sign>[+-])(?:(?<hours>\d{1,2})(?::(?<minutes>\d\d))?|(?<hh>\d\d)(?<mm>\d\d))$/i

function zoneOfOffset(name: string): string | null {
  if (/^z$/i.test(name)) return 'UTC'
  const { sign, hours, minutes = '00', hh = hours, mm = minutes } = offset.exec(name)?.groups ?? {}
  if (sign === undefined || hh === undefined) return null
  if (mm !== '00') return `${sign}${hh.padStart(2, '0')}:${mm}`
  // The signs of these names are the other way round: three hours east of Greenwich is Etc/GMT-3.
  return Number(hh) === 0 ? 'UTC' : `Etc/GMT${sign === '-' ? '+' : '-'}${Number(hh)}`
}

function percentDecoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
