import { badInput } from '../kernel/errors.ts'
import { isZoneOrOffset } from '../kernel/timezone.ts'

/** The time zone of the X-Timezone header, or of the connection, as `clientTimezone` reads it. BAD_USER_INPUT if there is none such. */
export function checkedTimezone(name: string): string {
  if (isZoneOrOffset(name)) return name
  throw badInput([
    { path: ['X-Timezone'], message: 'takes an IANA name of a time zone, such as Europe/Berlin, or an offset' },
  ])
}
