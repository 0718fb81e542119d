import { Link, useLocation } from 'wouter'
import {
  ContactByIdDocument,
  ContactsDocument,
  CreateContactDocument,
  DeleteContactDocument,
  UpdateContactDocument,
} from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { asJson } from '../ui/code-block.tsx'
import { formatTime } from '../ui/format.ts'
import { DeleteButton } from './form/delete-button.tsx'
import type { FormField } from './form/input.ts'
import { usePaging } from './form/paging.tsx'
import { nameOf, ResourceDetail } from './form/resource-detail.tsx'
import { ResourceForm } from './form/resource-form.tsx'
import { ResourceList } from './form/resource-list.tsx'

const list = { name: 'Contacts', path: '/resources/contacts' }

const fields: readonly FormField[] = [
  { name: 'name', label: 'Name' },
  { name: 'nick', label: 'Nick' },
  { name: 'email', label: 'Email' },
  { name: 'phone', label: 'Phone' },
  { name: 'fingerprint', label: 'Fingerprint', hint: 'Your own id of the person, unique in the account.' },
  { name: 'description', label: 'Description', kind: 'area' },
  { name: 'meta', label: 'Meta', kind: 'json', hint: 'A JSON object of your own.' },
]

export function Contacts() {
  const paging = usePaging()
  const { data, error } = useRead(ContactsDocument, { first: 50, after: paging.after })
  return (
    <ResourceList
      name={list.name}
      lead="The people that dispatches are with."
      create={
        <Link href={`${list.path}/new`} className="button button-primary">
          New contact
        </Link>
      }
      page={data?.contacts}
      paging={paging}
      error={error}
      columns={[
        ['Name', (contact) => <Link href={`${list.path}/${contact.id}`}>{nameOf(contact)}</Link>],
        ['Email', ({ email }) => email],
        ['Fingerprint', ({ fingerprint }) => <span className="mono">{fingerprint}</span>],
        ['Changed', ({ updatedAt }) => formatTime(updatedAt)],
      ]}
    />
  )
}

export function ContactPage({ id }: { readonly id: string }) {
  const [, navigate] = useLocation()
  const { data, error } = useRead(ContactByIdDocument, { id }, { isWanted: id !== 'new' })
  const create = useChange(CreateContactDocument)
  const update = useChange(UpdateContactDocument)
  const removal = useChange(DeleteContactDocument)
  return (
    <ResourceDetail noun="contact" list={list} id={id} of={data?.contact} error={error} title={nameOf}>
      {(contact) => (
        <>
          {contact !== null && (
            <p>
              <Link href={`/runs?contact=${id}`}>Runs with this contact</Link>
            </p>
          )}
          <ResourceForm
            name="Contact"
            fields={fields}
            initial={{
              name: contact?.name ?? '',
              nick: contact?.nick ?? '',
              email: contact?.email ?? '',
              phone: contact?.phone ?? '',
              fingerprint: contact?.fingerprint ?? '',
              description: contact?.description ?? '',
              meta: contact?.meta == null ? '' : asJson(contact.meta),
            }}
            isNew={contact === null}
            save={contact === null ? create : update}
            onSave={(input) =>
              contact === null
                ? create.mutate(
                    { input },
                    { onSuccess: ({ createContact }) => navigate(`${list.path}/${createContact.id}`) },
                  )
                : update.mutate({ id, input })
            }
            actions={
              contact !== null && (
                <DeleteButton
                  what={`Delete contact ${nameOf(contact)}`}
                  removal={removal}
                  onDelete={() => removal.mutate({ id }, { onSuccess: () => navigate(list.path) })}
                >
                  Its dispatches stay, and its fingerprint can be used again.
                </DeleteButton>
              )
            }
          />
        </>
      )}
    </ResourceDetail>
  )
}
