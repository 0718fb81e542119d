import { z } from 'zod'
import { extensionBounds } from '../conversation/extensions-input.ts'
import { atMost, orNull } from '../conversation/input-field.ts'
import { withOptions } from './feature-definition.ts'

const detail = orNull(atMost(extensionBounds.detail))

const user = z.strictObject({
  name: detail,
  username: detail,
  email: detail,
  phone: detail,
  externalId: detail,
  source: detail,
})

/** Tells the model of the user, as the caller describes them; their details are references, too. */
export const userInfo = withOptions(user, ({ name, username, email, phone, externalId, source }) => {
  const given = {
    USER_NAME: name,
    USER_USERNAME: username,
    USER_EMAIL: email,
    USER_PHONE: phone,
    USER_EXTERNAL_ID: externalId,
    USER_SOURCE: source,
  }
  return {
    references: Object.fromEntries(
      Object.entries(given).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    ),
    texts: [
      {
        text: 'What is known of the user whom you are talking with:',
        facts: {
          Name: 'USER_NAME',
          Username: 'USER_USERNAME',
          Email: 'USER_EMAIL',
          Phone: 'USER_PHONE',
          'External id': 'USER_EXTERNAL_ID',
          Source: 'USER_SOURCE',
        },
      },
    ],
  }
})

/** Tells the model of the contact; nothing in a dispatch without one. */
export const personalization = withOptions(z.strictObject({}), () => {
  const text =
    'You are talking with this person. Suit your answers to them where that helps, without reciting what you know of them:'
  return { texts: [{ text, facts: { Name: 'CONTACT_NAME', Nickname: 'CONTACT_NICK', About: 'CONTACT_DESCRIPTION' } }] }
})
