import { expect, test, vi } from 'vitest'
import { clientTimezone, isTimezone, isZoneOrOffset, localTime } from '../../src/kernel/timezone.ts'

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['Asia/Calcutta', 'Asia/Calcutta'],
  ['US/Pacific', 'US/Pacific'],
  ['europe/kiev', 'europe/kiev'],
  [' UTC ', 'UTC'],
  ['Z', 'UTC'],
  ['"Asia/Tokyo"', 'Asia/Tokyo'],
  ['America%2FNew_York', 'America/New_York'],
  ['Europe/Berlin, Europe/Berlin', 'Europe/Berlin'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
  ['GMT+02:00', 'Etc/GMT-2'],
  ['GMT-5', 'Etc/GMT+5'],
  ['UTC+2', 'Etc/GMT-2'],
  ['UTC+0300', 'Etc/GMT-3'],
  ['+01:00', 'Etc/GMT-1'],
  ['GMT+00:00', 'UTC'],
  ['GMT+05:30', '+05:30'],
  ['GMT+0530', '+05:30'],
  ['+0530', '+05:30'],
  ['utc-3:30', '-03:30'],
])('the time zone %j of a client is %s', (header, name) => {
  expect(clientTimezone(header)).toBe(name)
  expect(isZoneOrOffset(name)).toBe(true)
  expect(isTimezone(name)).toBe(/^[A-Za-z]/.test(name))
})

test.each([
  undefined,
  '',
  ' ',
  'undefined',
  'null',
  'NaN',
  'Etc/Unknown',
  'Unknown',
  // A browser's list of names is younger than a server's.
  'America/New_Town_Of_2031',
  'Asia/Somewhere/Newer',
])('%j names no time zone', (header) => {
  expect(clientTimezone(header)).toBeNull()
})

test.each([
  'Mars/Olympus',
  '100%',
  'GMT+99',
  '+25:00',
  '-330',
  '../etc',
  'Europe/',
  'India Standard Time',
  'a'.repeat(65),
])('%j is left for the refusal of what is none', (header) => {
  expect(isZoneOrOffset(clientTimezone(header) ?? 'UTC')).toBe(false)
})

test.each([
  ['UTC', { date: '2026-11-23', time: '00:05:09', weekday: 'Monday' }],
  ['Asia/Calcutta', { date: '2026-11-23', time: '05:35:09', weekday: 'Monday' }],
  ['+05:30', { date: '2026-11-23', time: '05:35:09', weekday: 'Monday' }],
  ['America/St_Johns', { date: '2026-11-22', time: '20:35:09', weekday: 'Sunday' }],
])('a moment by the clock of %s', (zone, told) => {
  expect(localTime(zone, Date.UTC(2026, 10, 23, 0, 5, 9))).toEqual(told)
})

test('the format of a zone is made once, in whatever case, and the last hundred are kept', () => {
  const made = vi.spyOn(Intl, 'DateTimeFormat')
  const [first = '', ...others] = Intl.supportedValuesOf('timeZone').slice(0, 101)
  const tell = (zone: string) => {
    const before = made.mock.calls.length
    localTime(zone, 0)
    isTimezone(zone)
    return made.mock.calls.length - before
  }
  tell(first)
  expect([first, first.toUpperCase(), first.toLowerCase()].map(tell)).toEqual([0, 0, 0])
  for (const zone of others.slice(0, 99)) tell(zone)
  expect(tell(first)).toBe(0)
  for (const zone of others) tell(zone)
  expect(tell(first)).toBe(1)
  made.mockRestore()
})
