import { z } from '@hono/zod-openapi'
import type { Contacts } from '../../../store/contacts.ts'
import { parseContactInput } from '../../../store/resource-input.ts'
import { metaField } from '../stream/wire-field.ts'
import type { CrudResource } from './crud.ts'
import { metaView, optionalText, pageOf, stampFields, textField, told } from './resource-view.ts'

export const contactBody = z
  .strictObject({
    fingerprint: optionalText,
    name: optionalText,
    description: optionalText,
    email: optionalText,
    phone: optionalText,
    nick: optionalText,
    meta: metaField,
  })
  .openapi('ContactInput')

const view = z
  .object({
    ...stampFields,
    fingerprint: textField,
    name: textField,
    description: textField,
    email: textField,
    phone: textField,
    nick: textField,
    meta: metaView,
  })
  .openapi('Contact')

export function contactCrud(contacts: Contacts): CrudResource<typeof contactBody, typeof contactBody, typeof view> {
  return {
    noun: 'contact',
    within: null,
    order: 'desc',
    createBody: contactBody,
    updateBody: contactBody,
    view,
    create: ({ account }, body) => contacts.create(account, parseContactInput(body, [])),
    update: ({ account }, id, body) => contacts.update(account, id, parseContactInput(body, [])),
    async find({ account }, id) {
      const contact = await contacts.find(account, id)
      return contact === null ? null : told(contact)
    },
    page: async ({ account }, from, limit) => pageOf(await contacts.page(account, from, limit), told),
    remove: ({ account }, id) => contacts.remove(account, id),
  }
}
