import { useState } from 'react'
import { DatasetRecordsDocument, DeleteRecordDocument } from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { Button } from '../ui/button.tsx'
import { asJson } from '../ui/code-block.tsx'
import { Empty } from '../ui/empty.tsx'
import { Problem } from '../ui/problem.tsx'
import { DeleteButton } from './form/delete-button.tsx'
import { Pager, usePaging } from './form/paging.tsx'
import { Rows } from './form/resource-list.tsx'
import { type DatasetRecord, RecordDialog } from './record-dialog.tsx'

export function DatasetRecords({ id }: { readonly id: string }) {
  const paging = usePaging()
  const { data, error } = useRead(DatasetRecordsDocument, { id, first: 20, after: paging.after })
  /** Null: a new one. Undefined: none is being written. */
  const [edited, setEdited] = useState<DatasetRecord | null>()
  const records = data?.dataset?.records
  return (
    <section className="resource-part" aria-labelledby="records">
      <div className="resource-head">
        <h2 id="records">Records</h2>
        <Button onClick={() => setEdited(null)}>Add record</Button>
      </div>
      <Problem of={error} />
      {records?.edges.length === 0 && <Empty title="There are no records yet" />}
      {records !== undefined && records.edges.length > 0 && (
        <Rows
          name="Records"
          page={records}
          columns={[
            ['Text', ({ text }) => <span className="cut">{text}</span>],
            ['Meta', ({ meta }) => meta !== null && <code className="cut">{JSON.stringify(meta)}</code>],
            [
              'Actions',
              (record) => (
                <div className="row-actions">
                  <Button aria-label={`Edit record ${shortOf(record)}`} onClick={() => setEdited(record)}>
                    Edit
                  </Button>
                  <DeleteRecord datasetId={id} of={record} />
                </div>
              ),
            ],
          ]}
        />
      )}
      <Pager paging={paging} pageInfo={records?.pageInfo} />
      {edited !== undefined && (
        <RecordDialog
          datasetId={id}
          of={edited}
          initial={{ text: edited?.text ?? '', meta: edited?.meta == null ? '' : asJson(edited.meta) }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  )
}

function DeleteRecord({ datasetId, of }: { readonly datasetId: string; readonly of: DatasetRecord }) {
  const removal = useChange(DeleteRecordDocument)
  return (
    <DeleteButton
      what={`Delete record ${shortOf(of)}`}
      removal={removal}
      onDelete={() => removal.mutate({ datasetId, id: of.id })}
    >
      Models do not find it any more.
    </DeleteButton>
  )
}

function shortOf({ text }: DatasetRecord): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text
}
