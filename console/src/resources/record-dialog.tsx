import { CreateRecordDocument, type DatasetRecordsQuery, UpdateRecordDocument } from '../generated/operations.ts'
import { useChange } from '../service/use-request.ts'
import { Dialog } from '../ui/dialog.tsx'
import type { FormField, Values } from './form/input.ts'
import { ResourceForm } from './form/resource-form.tsx'

const fields: readonly FormField[] = [
  { name: 'text', label: 'Text', kind: 'area', rows: 8, isRequired: true },
  { name: 'meta', label: 'Meta', kind: 'json', hint: 'A JSON object: the model reads it with the text.' },
]

export type DatasetRecord = NonNullable<DatasetRecordsQuery['dataset']>['records']['edges'][number]['node']

interface RecordDialogProps {
  readonly datasetId: string
  /** Null: a new one. */
  readonly of: DatasetRecord | null
  readonly initial: Values
  readonly onClose: () => void
}

export function RecordDialog({ datasetId, of, initial, onClose }: RecordDialogProps) {
  const create = useChange(CreateRecordDocument)
  const update = useChange(UpdateRecordDocument)
  return (
    <Dialog title={of === null ? 'New record' : 'Record'} isOpen onClose={onClose}>
      <ResourceForm
        name="Record"
        fields={fields}
        initial={initial}
        isNew={of === null}
        save={of === null ? create : update}
        onSave={(input) => {
          const record = { text: String(input['text'] ?? ''), ...input }
          if (of === null) create.mutate({ datasetId, input: record }, { onSuccess: onClose })
          else update.mutate({ datasetId, id: of.id, input: record }, { onSuccess: onClose })
        }}
      />
    </Dialog>
  )
}
