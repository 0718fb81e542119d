import { useState } from 'react'
import { Link } from 'wouter'
import {
  ResendWebhookDeliveryDocument,
  WebhookDeliveriesDocument,
  type WebhookDeliveriesQuery,
  type WebhookDeliveryStatus,
  type WebhookEvent,
} from '../generated/operations.ts'
import { useChange, useRead } from '../service/use-request.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { SelectField } from '../ui/field.tsx'
import { formatTime } from '../ui/format.ts'
import { Problem } from '../ui/problem.tsx'
import { Pager, usePaging } from './form/paging.tsx'
import { Rows } from './form/resource-list.tsx'

export const webhookEvents: Readonly<Record<WebhookEvent, string>> = {
  DISPATCH_COMPLETED: 'completed',
  DISPATCH_FAILED: 'failed',
  DISPATCH_CANCELLED: 'cancelled',
  DISPATCH_WAITING: 'waiting',
}

const statuses: Readonly<Record<WebhookDeliveryStatus, readonly [name: string, badge: string]>> = {
  PENDING: ['Pending', 'waiting'],
  DELIVERED: ['Delivered', 'completed'],
  FAILED: ['Failed', 'failed'],
}

type Delivery = NonNullable<WebhookDeliveriesQuery['webhook']>['deliveries']['edges'][number]['node']

export function WebhookDeliveries({ id }: { readonly id: string }) {
  const [status, setStatus] = useState<WebhookDeliveryStatus | ''>('')
  return (
    <section className="resource-part" aria-labelledby="deliveries">
      <div className="resource-head">
        <h2 id="deliveries">Deliveries</h2>
        <SelectField
          label="Status"
          value={status}
          onChange={(value) => setStatus(value as WebhookDeliveryStatus | '')}
          options={[
            { value: '', name: 'All' },
            ...Object.entries(statuses).map(([value, [name]]) => ({ value, name })),
          ]}
        />
      </div>
      {/* With another filter the pages begin anew. */}
      <DeliveryPages key={status} id={id} statuses={status === '' ? null : [status]} />
    </section>
  )
}

interface DeliveryPagesProps {
  readonly id: string
  readonly statuses: readonly WebhookDeliveryStatus[] | null
}

function DeliveryPages({ id, statuses: wanted }: DeliveryPagesProps) {
  const paging = usePaging()
  const variables = { id, first: 20, after: paging.after, statuses: wanted }
  const { data, error } = useRead(WebhookDeliveriesDocument, variables, { everyMs: 3_000 })
  const resend = useChange(ResendWebhookDeliveryDocument)
  const deliveries = data?.webhook?.deliveries
  return (
    <>
      <Problem of={error ?? resend.error} />
      {deliveries?.edges.length === 0 && <Empty title="There are no such deliveries" />}
      {deliveries !== undefined && deliveries.edges.length > 0 && (
        <Rows
          name="Deliveries"
          page={deliveries}
          columns={[
            ['Event', ({ event }) => webhookEvents[event]],
            ['Status', (delivery) => <Status of={delivery} />],
            [
              'Run',
              ({ channelId }) => (
                <Link href={`/runs/${channelId}`} className="mono">
                  {channelId}
                </Link>
              ),
            ],
            ['Attempts', ({ attempts }) => attempts],
            [
              'Last answer',
              ({ lastStatusCode, lastError }) => lastStatusCode ?? <span className="cut">{lastError}</span>,
            ],
            ['Created', ({ createdAt }) => formatTime(createdAt)],
            [
              'Actions',
              (delivery) => (
                <Button
                  aria-label={`Send again: ${webhookEvents[delivery.event]}, ${delivery.channelId}`}
                  disabled={resend.isPending}
                  onClick={() => resend.mutate({ id: delivery.id })}
                >
                  Send again
                </Button>
              ),
            ],
          ]}
        />
      )}
      <Pager paging={paging} pageInfo={deliveries?.pageInfo} />
    </>
  )
}

function Status({ of: { status, nextAttemptAt } }: { readonly of: Delivery }) {
  const [name, badge] = statuses[status]
  return (
    <>
      <span className={`badge badge-${badge}`}>
        <span className="badge-dot" aria-hidden="true" />
        {name}
      </span>
      {nextAttemptAt !== null && status === 'PENDING' && <p className="hint">next at {formatTime(nextAttemptAt)}</p>}
    </>
  )
}
