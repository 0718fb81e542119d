import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import {
  CreateWebhookDocument,
  DeleteWebhookDocument,
  RotateWebhookSecretDocument,
  UpdateWebhookDocument,
  WebhookByIdDocument,
  type WebhookEvent,
  type WebhookRowFragment,
  WebhooksDocument,
} from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { Button } from '../ui/button.tsx'
import { CheckField } from '../ui/field.tsx'
import { formatTime } from '../ui/format.ts'
import { Problem } from '../ui/problem.tsx'
import { DeleteButton } from './form/delete-button.tsx'
import type { FormField } from './form/input.ts'
import { usePaging } from './form/paging.tsx'
import { ResourceDetail } from './form/resource-detail.tsx'
import { ResourceForm } from './form/resource-form.tsx'
import { ResourceList } from './form/resource-list.tsx'
import { SigningSecret } from './signing-secret.tsx'
import { WebhookDeliveries, webhookEvents } from './webhook-deliveries.tsx'

const list = { name: 'Webhooks', path: '/resources/webhooks' }

const fields: readonly FormField[] = [
  { name: 'url', label: 'URL', isRequired: true },
  { name: 'description', label: 'Description' },
]

export function Webhooks() {
  const paging = usePaging()
  const { data, error } = useRead(WebhooksDocument, { first: 50, after: paging.after })
  return (
    <ResourceList
      name={list.name}
      lead="Endpoints that are told when dispatches end or wait."
      create={
        <Link href={`${list.path}/new`} className="button button-primary">
          New webhook
        </Link>
      }
      page={data?.webhooks}
      paging={paging}
      error={error}
      columns={[
        ['URL', ({ id, url }) => <Link href={`${list.path}/${id}`}>{url}</Link>],
        ['Told of', ({ events }) => events.map((event) => webhookEvents[event]).join(', ')],
        ['State', ({ isEnabled }) => (isEnabled ? 'Enabled' : 'Switched off')],
        ['Changed', ({ updatedAt }) => formatTime(updatedAt)],
      ]}
    />
  )
}

export function WebhookPage({ id }: { readonly id: string }) {
  const { data, error } = useRead(WebhookByIdDocument, { id }, { isWanted: id !== 'new' })
  return (
    <ResourceDetail noun="webhook" list={list} id={id} of={data?.webhook} error={error} title={({ url }) => url}>
      {(webhook) => (
        <>
          <WebhookForm of={webhook} />
          {webhook !== null && <WebhookDeliveries id={id} />}
        </>
      )}
    </ResourceDetail>
  )
}

function WebhookForm({ of }: { readonly of: WebhookRowFragment | null }) {
  const [, navigate] = useLocation()
  const [events, setEvents] = useState<readonly WebhookEvent[]>(
    of?.events ?? (Object.keys(webhookEvents) as WebhookEvent[]),
  )
  const [isEnabled, setIsEnabled] = useState(of?.isEnabled ?? true)
  const create = useChange(CreateWebhookDocument)
  const update = useChange(UpdateWebhookDocument)
  const removal = useChange(DeleteWebhookDocument)
  const rotation = useChange(RotateWebhookSecretDocument)
  return (
    <>
      <ResourceForm
        name="Webhook"
        fields={fields}
        initial={{ url: of?.url ?? '', description: of?.description ?? '' }}
        isNew={of === null}
        save={of === null ? create : update}
        onSave={(rest) => {
          const input = { ...rest, url: String(rest['url']), events }
          if (of === null) create.mutate({ input })
          else update.mutate({ id: of.id, input: { ...input, isEnabled } })
        }}
        actions={
          of !== null && (
            <>
              <Button disabled={rotation.isPending} onClick={() => rotation.mutate({ id: of.id })}>
                New signing secret
              </Button>
              <DeleteButton
                what={`Delete webhook ${of.url}`}
                removal={removal}
                onDelete={() => removal.mutate({ id: of.id }, { onSuccess: () => navigate(list.path) })}
              >
                Its deliveries go with it; what is pending is not sent.
              </DeleteButton>
            </>
          )
        }
      >
        <fieldset className="fieldset">
          <legend>Told of</legend>
          {(Object.keys(webhookEvents) as WebhookEvent[]).map((event) => (
            <CheckField
              key={event}
              label={webhookEvents[event]}
              isChecked={events.includes(event)}
              onChange={(isChecked) =>
                setEvents(isChecked ? [...events, event] : events.filter((each) => each !== event))
              }
            />
          ))}
        </fieldset>
        {of !== null && <CheckField label="Enabled" isChecked={isEnabled} onChange={setIsEnabled} />}
        <Problem of={rotation.error} />
      </ResourceForm>
      <SigningSecret
        of={create.data?.createWebhook.signingSecret ?? rotation.data?.rotateWebhookSecret.signingSecret ?? null}
        onClose={() => {
          rotation.reset()
          const created = create.data?.createWebhook.webhook.id
          if (created !== undefined) navigate(`${list.path}/${created}`)
        }}
      />
    </>
  )
}
