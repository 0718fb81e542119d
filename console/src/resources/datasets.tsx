import { Link, useLocation } from 'wouter'
import {
  CreateDatasetDocument,
  DatasetByIdDocument,
  DatasetsDocument,
  DeleteDatasetDocument,
  UpdateDatasetDocument,
} from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { formatTime } from '../ui/format.ts'
import { DatasetRecords } from './dataset-records.tsx'
import { DatasetSearch } from './dataset-search.tsx'
import { DeleteButton } from './form/delete-button.tsx'
import type { FormField } from './form/input.ts'
import { usePaging } from './form/paging.tsx'
import { nameOf, ResourceDetail } from './form/resource-detail.tsx'
import { ResourceForm } from './form/resource-form.tsx'
import { ResourceList } from './form/resource-list.tsx'

const list = { name: 'Datasets', path: '/resources/datasets' }

const fields: readonly FormField[] = [
  { name: 'name', label: 'Name' },
  { name: 'description', label: 'Description', kind: 'area', hint: 'What it contains: the model reads it.' },
]

export function Datasets() {
  const paging = usePaging()
  const { data, error } = useRead(DatasetsDocument, { first: 50, after: paging.after })
  return (
    <ResourceList
      name={list.name}
      lead="Records that a model can look things up in."
      create={
        <Link href={`${list.path}/new`} className="button button-primary">
          New dataset
        </Link>
      }
      page={data?.datasets}
      paging={paging}
      error={error}
      columns={[
        ['Name', (dataset) => <Link href={`${list.path}/${dataset.id}`}>{nameOf(dataset)}</Link>],
        ['Description', ({ description }) => <span className="cut">{description}</span>],
        ['Changed', ({ updatedAt }) => formatTime(updatedAt)],
      ]}
    />
  )
}

export function DatasetPage({ id }: { readonly id: string }) {
  const [, navigate] = useLocation()
  const { data, error } = useRead(DatasetByIdDocument, { id }, { isWanted: id !== 'new' })
  const create = useChange(CreateDatasetDocument)
  const update = useChange(UpdateDatasetDocument)
  const removal = useChange(DeleteDatasetDocument)
  return (
    <ResourceDetail noun="dataset" list={list} id={id} of={data?.dataset} error={error} title={nameOf}>
      {(dataset) => (
        <>
          <ResourceForm
            name="Dataset"
            fields={fields}
            initial={{ name: dataset?.name ?? '', description: dataset?.description ?? '' }}
            isNew={dataset === null}
            save={dataset === null ? create : update}
            onSave={(input) =>
              dataset === null
                ? create.mutate(
                    { input: { ...input, records: [] } },
                    { onSuccess: ({ createDataset }) => navigate(`${list.path}/${createDataset.id}`) },
                  )
                : update.mutate({ id, input })
            }
            actions={
              dataset !== null && (
                <DeleteButton
                  what={`Delete dataset ${nameOf(dataset)}`}
                  removal={removal}
                  onDelete={() => removal.mutate({ id }, { onSuccess: () => navigate(list.path) })}
                >
                  Its records go with it, and bots that refer to it have no dataset any more.
                </DeleteButton>
              )
            }
          />
          {dataset !== null && (
            <>
              <DatasetSearch id={id} />
              <DatasetRecords id={id} />
            </>
          )}
        </>
      )}
    </ResourceDetail>
  )
}
