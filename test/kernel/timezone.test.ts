import { expect, test } from 'vitest'
import { clientTimezone, isTimezone } from '../../src/kernel/timezone.ts'

test.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['Asia/Calcutta', 'Asia/Calcutta'],
  ['europe/kiev', 'europe/kiev'],
  [' UTC ', 'UTC'],
  ['America%2FNew_York', 'America/New_York'],
  ['Europe/Berlin, Europe/Berlin', 'Europe/Berlin'],
  ['GMT+02:00', 'Etc/GMT-2'],
  ['GMT-5', 'Etc/GMT+5'],
  ['UTC+0300', 'Etc/GMT-3'],
  ['GMT+00:00', 'UTC'],
])('the time zone %j of a client is %s', (header, name) => {
  expect(clientTimezone(header)).toBe(name)
  expect(isTimezone(name)).toBe(true)
})

test.each([undefined, '', 'undefined', 'null', 'Etc/Unknown', 'Unknown'])('%j names no time zone', (header) => {
  expect(clientTimezone(header)).toBeNull()
})

test.each(['Mars/Olympus', 'GMT+05:30', '100%', 'GMT+99'])('%j is left for the refusal of what is none', (header) => {
  expect(isTimezone(clientTimezone(header) ?? 'UTC')).toBe(false)
})
