import { z } from 'zod'
import { extensionBounds } from '../../conversation/input/extensions-input.ts'
import { atMost, orNull } from '../../conversation/input/field.ts'
import type { FactList, FeatureEffects } from './effects.ts'

const detail = orNull(atMost(extensionBounds.detail))

export const userInfoOptions = z.strictObject({
  name: detail,
  username: detail,
  email: detail,
  phone: detail,
  externalId: detail,
  source: detail,
})

const userFacts: FactList = {
  title: '# User\n\nWho you are talking to, as far as the application knows:',
  facts: [
    ['Name', 'USER_NAME'],
    ['User name', 'USER_USERNAME'],
    ['E-mail', 'USER_EMAIL'],
    ['Telephone', 'USER_PHONE'],
    ['Id', 'USER_EXTERNAL_ID'],
    ['Comes from', 'USER_SOURCE'],
  ],
}

/** Tells the model the details of the user, and offers them as `${USER_…}` wherever placeholders are filled. */
export function userInfoEffects(user: z.output<typeof userInfoOptions>): Partial<FeatureEffects> {
  const references = {
    USER_NAME: user.name,
    USER_USERNAME: user.username,
    USER_EMAIL: user.email,
    USER_PHONE: user.phone,
    USER_EXTERNAL_ID: user.externalId,
    USER_SOURCE: user.source,
  }
  const given = Object.entries(references).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return { references: Object.fromEntries(given), texts: [userFacts] }
}

/** What is stored about the contact of the dispatch. Empty if the dispatch has no contact. */
export const contactFacts: FactList = {
  title:
    '# Contact\n\nThis is the person you are talking to. Use it where it makes an answer fit them better, and do not recite it:',
  facts: [
    ['Name', 'CONTACT_NAME'],
    ['Called', 'CONTACT_NICK'],
    ['E-mail', 'CONTACT_EMAIL'],
    ['Telephone', 'CONTACT_PHONE'],
    ['About them', 'CONTACT_DESCRIPTION'],
  ],
}
