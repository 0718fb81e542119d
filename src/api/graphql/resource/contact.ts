import type { Contact as DomainContact } from '../../../store/resource.ts'
import { parseContactInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps } from './resource.ts'

export const Contact = builder.objectRef<DomainContact>('Contact').implement({
  description: 'A person that conversations are with.',
  fields: (t) => ({
    fingerprint: t.exposeString('fingerprint', {
      nullable: true,
      description: "The caller's own key for the person, unique within the account.",
    }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the person.' }),
    description: t.exposeString('description', { nullable: true, description: 'What is known about the person.' }),
    email: t.exposeString('email', { nullable: true, description: 'The e-mail address, as it was given.' }),
    phone: t.exposeString('phone', { nullable: true, description: 'The telephone number, as it was given.' }),
    nick: t.exposeString('nick', { nullable: true, description: 'How the person wants to be addressed.' }),
    meta: t.field({
      type: 'JSONObject',
      nullable: true,
      description: "The caller's own data.",
      resolve: ({ meta }) => meta,
    }),
  }),
})
addStamps(Contact)
addLookup('contact', Contact, ({ contacts }) => contacts)
addList('contact', Contact, ({ contacts }) => contacts)
addDelete('contact', ({ contacts }) => contacts, 'Its fingerprint can be used again, and its dispatches stay.')

export const ContactInput = builder.inputType('ContactInput', {
  description: 'The fields of a contact. In an update, an absent field stays as it is, and null clears it.',
  fields: (t) => ({
    fingerprint: t.string({
      description:
        "The caller's own key for the person, such as a user id, 1 to 200 characters, unique within the account.",
    }),
    name: t.string({ description: 'The name of the person, up to 200 characters.' }),
    description: t.string({ description: 'What is known about the person, up to 2000 characters.' }),
    email: t.string({ description: 'An e-mail address, up to 200 characters. Its form is not checked.' }),
    phone: t.string({ description: 'A telephone number, up to 200 characters. Its form is not checked.' }),
    nick: t.string({ description: 'How the person wants to be addressed, up to 200 characters.' }),
    meta: t.field({
      type: 'JSONObject',
      description: "The caller's own data, kept as it is; at most 100 levels deep.",
    }),
  }),
})

builder.mutationFields((t) => ({
  createContact: t.field({
    type: Contact,
    description:
      'Creates a contact. CONFLICT when another contact has the fingerprint; without a fingerprint, calling it twice creates two contacts.',
    args: { input: t.arg({ type: ContactInput, required: true, description: 'The fields of the new contact.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.contacts.create(principal.account, parseContactInput(input, ['input'])),
  }),
  updateContact: t.field({
    type: Contact,
    description:
      'Changes a contact: an absent field stays as it is, null clears it. CONFLICT when another contact has the new fingerprint. NOT_FOUND when the account has no such contact.',
    args: {
      id: t.arg.id({ required: true, description: 'The id of the contact.' }),
      input: t.arg({ type: ContactInput, required: true, description: 'The fields to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.contacts.update(principal.account, id, parseContactInput(input, ['input'])),
  }),
}))
