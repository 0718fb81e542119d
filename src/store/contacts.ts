import type { AccountId, Ids } from '../kernel/ids.ts'
import { type Collection, createCollection } from './collection.ts'
import type { Contact, ContactFields } from './resource.ts'
import type { ContactInput, EnsuredContact } from './resource-input.ts'
import type { ResourceStore } from './store.ts'

/** CONFLICT if another contact has the fingerprint. */
export interface Contacts extends Collection<'contact'> {
  create(account: AccountId, input: ContactInput): Promise<Contact>
  update(account: AccountId, id: string, input: ContactInput): Promise<Contact>
  /** Returns the stored contact with this fingerprint, or creates it. Two concurrent calls get the same contact. */
  ensure(account: AccountId, input: EnsuredContact): Promise<Contact>
}

const blank: ContactFields = {
  fingerprint: null,
  name: null,
  description: null,
  email: null,
  phone: null,
  nick: null,
  meta: null,
}

export function createContacts(store: ResourceStore, ids: Ids): Contacts {
  const { collection, create, update } = createCollection(store, 'contact')
  const newContact = (input: ContactInput) => ({ id: ids.resourceId('contact'), fields: { ...blank, ...input } })

  return {
    ...collection,
    create: (account, input) => create(account, newContact(input)),
    update: (account, id, input) => update(account, id, { fields: input }),
    async ensure(account, input) {
      const { resource } = await store.create({ account, kind: 'contact' }, newContact(input))
      return resource
    },
  }
}
