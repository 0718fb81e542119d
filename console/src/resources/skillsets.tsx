import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import {
  CreateSkillsetDocument,
  DeleteSkillsetDocument,
  ResourceChoicesDocument,
  SkillsetByIdDocument,
  SkillsetsDocument,
  UpdateSkillsetDocument,
  type WholeSkillsetFragment,
} from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { formatTime } from '../ui/format.ts'
import { AbilityFields, type AbilityForm, abilityForm, abilityInput, isAbilityPath } from './ability-fields.tsx'
import { choicesOf } from './form/choices.ts'
import { DeleteButton } from './form/delete-button.tsx'
import { type FormField, problemsOf } from './form/input.ts'
import { usePaging } from './form/paging.tsx'
import { nameOf, ResourceDetail } from './form/resource-detail.tsx'
import { ResourceForm } from './form/resource-form.tsx'
import { ResourceList } from './form/resource-list.tsx'

const list = { name: 'Skillsets', path: '/resources/skillsets' }

const fields: readonly FormField[] = [
  { name: 'name', label: 'Name' },
  { name: 'description', label: 'Description', kind: 'area', hint: 'What it is for: the model reads it.' },
]

export function Skillsets() {
  const paging = usePaging()
  const { data, error } = useRead(SkillsetsDocument, { first: 50, after: paging.after })
  return (
    <ResourceList
      name={list.name}
      lead="Abilities that the server carries out when a model asks for them."
      create={
        <Link href={`${list.path}/new`} className="button button-primary">
          New skillset
        </Link>
      }
      page={data?.skillsets}
      paging={paging}
      error={error}
      columns={[
        ['Name', (skillset) => <Link href={`${list.path}/${skillset.id}`}>{nameOf(skillset)}</Link>],
        ['Abilities', ({ abilities }) => <span className="cut">{abilities.map(({ name }) => name).join(', ')}</span>],
        ['Changed', ({ updatedAt }) => formatTime(updatedAt)],
      ]}
    />
  )
}

export function SkillsetPage({ id }: { readonly id: string }) {
  const { data, error } = useRead(SkillsetByIdDocument, { id }, { isWanted: id !== 'new' })
  return (
    <ResourceDetail noun="skillset" list={list} id={id} of={data?.skillset} error={error} title={nameOf}>
      {(skillset) => <Skillset of={skillset} />}
    </ResourceDetail>
  )
}

function Skillset({ of }: { readonly of: WholeSkillsetFragment | null }) {
  const [, navigate] = useLocation()
  const [abilities, setAbilities] = useState<readonly AbilityForm[]>(of?.abilities.map(abilityForm) ?? [])
  const { data: choices } = useRead(ResourceChoicesDocument, {})
  const create = useChange(CreateSkillsetDocument)
  const update = useChange(UpdateSkillsetDocument)
  const removal = useChange(DeleteSkillsetDocument)
  const save = of === null ? create : update
  return (
    <ResourceForm
      name="Skillset"
      fields={fields}
      initial={{ name: of?.name ?? '', description: of?.description ?? '' }}
      isNew={of === null}
      save={save}
      shows={isAbilityPath}
      onSave={(rest) => {
        const input = { ...rest, abilities: abilities.map(abilityInput) }
        if (of === null) {
          create.mutate({ input }, { onSuccess: ({ createSkillset }) => navigate(`${list.path}/${createSkillset.id}`) })
        } else update.mutate({ id: of.id, input })
      }}
      actions={
        of !== null && (
          <DeleteButton
            what={`Delete skillset ${nameOf(of)}`}
            removal={removal}
            onDelete={() => removal.mutate({ id: of.id }, { onSuccess: () => navigate(list.path) })}
          >
            Bots that refer to it have no skillset any more.
          </DeleteButton>
        )
      }
    >
      <AbilityFields
        abilities={abilities}
        problems={problemsOf(save.error, isAbilityPath).fields}
        secrets={choicesOf(choices?.secrets, null)}
        onChange={setAbilities}
      />
    </ResourceForm>
  )
}
