import { Link, useLocation } from 'wouter'
import {
  BotByIdDocument,
  BotsDocument,
  CreateBotDocument,
  DeleteBotDocument,
  ResourceChoicesDocument,
  UpdateBotDocument,
} from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { formatTime } from '../ui/format.ts'
import { choicesOf } from './form/choices.ts'
import { DeleteButton } from './form/delete-button.tsx'
import type { FormField } from './form/input.ts'
import { usePaging } from './form/paging.tsx'
import { nameOf, ResourceDetail } from './form/resource-detail.tsx'
import { ResourceForm } from './form/resource-form.tsx'
import { ResourceList } from './form/resource-list.tsx'

const list = { name: 'Bots', path: '/resources/bots' }

export function Bots() {
  const paging = usePaging()
  const { data, error } = useRead(BotsDocument, { first: 50, after: paging.after })
  return (
    <ResourceList
      name={list.name}
      lead="A model, a backstory, a dataset and a skillset, under one id."
      create={
        <Link href={`${list.path}/new`} className="button button-primary">
          New bot
        </Link>
      }
      page={data?.bots}
      paging={paging}
      error={error}
      columns={[
        ['Name', (bot) => <Link href={`${list.path}/${bot.id}`}>{nameOf(bot)}</Link>],
        ['Model', ({ model }) => model ?? <span className="muted">the default</span>],
        ['Id', ({ id }) => <span className="mono">{id}</span>],
        ['Changed', ({ updatedAt }) => formatTime(updatedAt)],
      ]}
    />
  )
}

export function BotPage({ id }: { readonly id: string }) {
  const [, navigate] = useLocation()
  const { data, error } = useRead(BotByIdDocument, { id }, { isWanted: id !== 'new' })
  const { data: choices } = useRead(ResourceChoicesDocument, {})
  const create = useChange(CreateBotDocument)
  const update = useChange(UpdateBotDocument)
  const removal = useChange(DeleteBotDocument)
  return (
    <ResourceDetail noun="bot" list={list} id={id} of={data?.bot} error={error} title={nameOf}>
      {(bot) => (
        <ResourceForm
          name="Bot"
          fields={fieldsOf([
            choicesOf(choices?.datasets, bot?.dataset),
            choicesOf(choices?.skillsets, bot?.skillset),
            choices?.models.find(({ isDefault }) => isDefault)?.id,
          ])}
          initial={{
            name: bot?.name ?? '',
            description: bot?.description ?? '',
            model: bot?.model ?? '',
            backstory: bot?.backstory ?? '',
            datasetId: bot?.dataset?.id ?? '',
            skillsetId: bot?.skillset?.id ?? '',
          }}
          isNew={bot === null}
          save={bot === null ? create : update}
          onSave={(input) =>
            bot === null
              ? create.mutate({ input }, { onSuccess: ({ createBot }) => navigate(`${list.path}/${createBot.id}`) })
              : update.mutate({ id, input })
          }
          actions={
            bot !== null && (
              <DeleteButton
                what={`Delete bot ${nameOf(bot)}`}
                removal={removal}
                onDelete={() => removal.mutate({ id }, { onSuccess: () => navigate(list.path) })}
              >
                Dispatches that were accepted go on; a new one that names it is refused.
              </DeleteButton>
            )
          }
        />
      )}
    </ResourceDetail>
  )
}

type Options = NonNullable<FormField['options']>

function fieldsOf([datasets, skillsets, model]: [Options, Options, string | undefined]): readonly FormField[] {
  return [
    { name: 'name', label: 'Name' },
    { name: 'description', label: 'Description', hint: 'For you: the model does not read it.' },
    {
      name: 'model',
      label: 'Model',
      hint: `provider:name. Empty: the default${model === undefined ? '' : `, ${model}`}.`,
    },
    { name: 'backstory', label: 'Backstory', kind: 'area', rows: 8, hint: 'Who the bot is, and how it answers.' },
    { name: 'datasetId', label: 'Dataset', kind: 'select', options: datasets },
    { name: 'skillsetId', label: 'Skillset', kind: 'select', options: skillsets },
  ]
}
