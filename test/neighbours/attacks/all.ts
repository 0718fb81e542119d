import type { Attack } from './attack.ts'
import { connectionAttacks } from './connections.ts'
import { dispatchAttacks } from './dispatches.ts'
import { fetchingAttacks } from './fetching.ts'
import { frontEndAttacks } from './front-ends.ts'
import { storingAttacks } from './storing.ts'

/** All attacks; `host` serves what runs fetch. */
export function allAttacks(host: string): readonly Attack[] {
  return [
    ...connectionAttacks,
    ...dispatchAttacks,
    ...storingAttacks,
    ...fetchingAttacks(host),
    ...frontEndAttacks(host),
  ]
}
