import { list, wholeNumber } from './forms.ts'
import { variable } from './variable.ts'

/** What abilities, attachments and webhooks may reach. */
export const extensions = {
  fetchAllow: variable(
    list(
      (entry) => /^(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(:\d{1,5})?$/.test(entry),
      'hosts, or host:port, with commas between',
    ),
    {
      name: 'FETCH_ALLOW',
      default: [],
      meaning: 'Internal hosts that abilities, attachments and webhooks may reach. Absent: none.',
      isSecret: false,
    },
  ),
  webhookTimeoutMs: variable(wholeNumber(100, 60_000), {
    name: 'WEBHOOK_TIMEOUT_MS',
    default: '15000',
    meaning: 'How long one attempt to deliver a webhook may take, its answer included.',
    isSecret: false,
  }),
}
