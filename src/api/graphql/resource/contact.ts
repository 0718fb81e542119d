import type { Contact as DomainContact } from '../../../store/resource.ts'
import { parseContactInput } from '../../../store/resource-input.ts'
import { builder } from '../builder.ts'
import { addDelete } from './delete.ts'
import { addList, addLookup, addStamps } from './resource.ts'

export const Contact = builder.objectRef<DomainContact>('Contact').implement({
  description: 'A person whom conversations are with.',
  fields: (t) => ({
    fingerprint: t.exposeString('fingerprint', {
      nullable: true,
      description: "The caller's own name for the person; no other contact of the account has it.",
    }),
    name: t.exposeString('name', { nullable: true, description: 'What the person is called.' }),
    description: t.exposeString('description', { nullable: true, description: 'What is known of the person.' }),
    email: t.exposeString('email', { nullable: true, description: 'An e-mail address, as it was given.' }),
    phone: t.exposeString('phone', { nullable: true, description: 'A telephone number, as it was given.' }),
    nick: t.exposeString('nick', { nullable: true, description: 'What the person wants to be called.' }),
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
addDelete('contact', ({ contacts }) => contacts, 'Its fingerprint is free again, and its dispatches stay.')

export const ContactInput = builder.inputType('ContactInput', {
  description: 'Who a contact is. In an update, a field left out stays as it is, and null clears it.',
  fields: (t) => ({
    fingerprint: t.string({
      description: "The caller's own name for the person, 1 to 200 characters; unique within the account.",
    }),
    name: t.string({ description: 'Up to 200 characters.' }),
    description: t.string({ description: 'Up to 2000 characters.' }),
    email: t.string({ description: 'Up to 200 characters.' }),
    phone: t.string({ description: 'Up to 200 characters.' }),
    nick: t.string({ description: 'Up to 200 characters.' }),
    meta: t.field({ type: 'JSONObject', description: "The caller's own data, kept; at most 100 levels deep." }),
  }),
})

builder.mutationFields((t) => ({
  createContact: t.field({
    type: Contact,
    description: 'Creates a contact. CONFLICT where another has its fingerprint.',
    args: { input: t.arg({ type: ContactInput, required: true, description: 'Who it is.' }) },
    resolve: (_root, { input }, { services, principal }) =>
      services.resources.contacts.create(principal.account, parseContactInput(input, ['input'])),
  }),
  updateContact: t.field({
    type: Contact,
    description:
      'Changes a contact: a field left out stays as it is, null clears it. CONFLICT where another has its new fingerprint.',
    args: {
      id: t.arg.id({ required: true, description: "The contact's id." }),
      input: t.arg({ type: ContactInput, required: true, description: 'What to change.' }),
    },
    resolve: (_root, { id, input }, { services, principal }) =>
      services.resources.contacts.update(principal.account, id, parseContactInput(input, ['input'])),
  }),
}))
