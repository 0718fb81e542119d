import { ownSecrets } from './given-secrets.ts'
import { type Finding, searchSecrets } from './search-secrets.ts'
import type { UsedSecrets } from './use-every-secret.ts'

/** What is kept for an account or told to it may hold what is its own. */
const ownPlaces: readonly string[] = ['what its account is told', 'Redis']

/** What was found where it must not be. */
export function leaksOf({ secrets, places }: UsedSecrets): readonly Finding[] {
  return searchSecrets({
    secrets,
    places,
    mayHave: (secret, place) =>
      (ownSecrets.includes(secret) && ownPlaces.includes(place)) ||
      (secret.includes('token ') && place === 'what mints tokens'),
  })
}
