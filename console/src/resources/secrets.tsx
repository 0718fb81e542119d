import { useState } from 'react'
import {
  CreateSecretDocument,
  DeleteSecretDocument,
  SecretsDocument,
  type SecretsQuery,
  type SecretType,
  UpdateSecretDocument,
} from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { formatTime } from '../ui/format.ts'
import { DeleteButton } from './form/delete-button.tsx'
import type { FormField } from './form/input.ts'
import { usePaging } from './form/paging.tsx'
import { ResourceForm } from './form/resource-form.tsx'
import { ResourceList } from './form/resource-list.tsx'

type Secret = SecretsQuery['secrets']['edges'][number]['node']

const types: readonly (readonly [SecretType, string])[] = [
  ['PLAIN', 'Plain: as it is'],
  ['BEARER', 'Bearer: a token'],
  ['BASIC', 'Basic: user:password'],
]

export function Secrets() {
  const paging = usePaging()
  const { data, error } = useRead(SecretsDocument, { first: 50, after: paging.after })
  /** Null: a new one. Undefined: none is being written. */
  const [edited, setEdited] = useState<Secret | null>()
  return (
    <>
      <ResourceList
        name="Secrets"
        lead="Credentials that abilities use. A value can be written and replaced; nobody can read it back."
        create={
          <Button kind="primary" onClick={() => setEdited(null)}>
            New secret
          </Button>
        }
        page={data?.secrets}
        paging={paging}
        error={error}
        columns={[
          ['Name', ({ name }) => <span className="mono">{name}</span>],
          ['Type', ({ type }) => type.charAt(0) + type.slice(1).toLowerCase()],
          ['Id', ({ id }) => <span className="mono">{id}</span>],
          ['Changed', ({ updatedAt }) => formatTime(updatedAt)],
          [
            'Actions',
            (secret) => (
              <div className="row-actions">
                <Button aria-label={`Edit secret ${secret.name}`} onClick={() => setEdited(secret)}>
                  Edit
                </Button>
                <DeleteSecret of={secret} />
              </div>
            ),
          ],
        ]}
      />
      {edited !== undefined && <SecretDialog of={edited} onClose={() => setEdited(undefined)} />}
    </>
  )
}

function DeleteSecret({ of }: { readonly of: Secret }) {
  const removal = useChange(DeleteSecretDocument)
  return (
    <DeleteButton what={`Delete secret ${of.name}`} removal={removal} onDelete={() => removal.mutate({ id: of.id })}>
      Its value is lost for good. Abilities that use it fail.
    </DeleteButton>
  )
}

function SecretDialog({ of, onClose }: { readonly of: Secret | null; readonly onClose: () => void }) {
  const create = useChange(CreateSecretDocument)
  const update = useChange(UpdateSecretDocument)
  return (
    <Dialog title={of === null ? 'New secret' : `Secret ${of.name}`} isOpen onClose={onClose}>
      <ResourceForm
        name="Secret"
        fields={fieldsOf(of === null)}
        initial={{ name: of?.name ?? '', type: of?.type ?? 'PLAIN', value: '' }}
        isNew={of === null}
        save={of === null ? create : update}
        onSave={(input) => {
          const secret = { name: String(input['name']), type: input['type'] as SecretType }
          const { value } = input
          if (of === null) create.mutate({ input: { ...secret, value: String(value) } }, { onSuccess: onClose })
          else {
            const changed = value === undefined ? secret : { ...secret, value: String(value) }
            update.mutate({ id: of.id, input: changed }, { onSuccess: onClose })
          }
        }}
      />
    </Dialog>
  )
}

function fieldsOf(isNew: boolean): readonly FormField[] {
  return [
    { name: 'name', label: 'Name', isRequired: true },
    { name: 'type', label: 'Type', kind: 'select', options: types.map(([value, name]) => ({ value, name })) },
    {
      name: 'value',
      label: 'Value',
      kind: 'secret',
      isRequired: isNew,
      hint: isNew ? 'It is stored encrypted.' : 'Empty: it stays as it is.',
    },
  ]
}
