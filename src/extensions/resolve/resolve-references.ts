import type { DispatchInput } from '../../conversation/input/dispatch-input.ts'
import { Failure, type InputIssue } from '../../kernel/errors.ts'
import type { AccountId } from '../../kernel/ids.ts'
import type { Bot, Contact, Dataset, Skillset } from '../../store/resource.ts'
import type { Resources } from '../../store/resources.ts'
import type { NamedDataset } from '../dataset/section.ts'

/** The resources that a dispatch refers to, as stored now. */
export interface Referred {
  readonly bot: Bot | null
  readonly contact: Contact | null
  readonly dataset: NamedDataset | null
  readonly skillset: Skillset | null
}

/**
 * Loads all of them. NOT_FOUND names every field that refers to nothing. A contact by fingerprint is resolved later.
 */
export async function findReferred(resources: Resources, account: AccountId, input: DispatchInput): Promise<Referred> {
  const missing: InputIssue[] = []
  const found = <Found>(field: string, noun: string, id: string | null, value: Found | null): Found | null => {
    if (id !== null && value === null)
      missing.push({ path: ['input', field], message: `there is no ${noun} by that id` })
    return value
  }
  const { botId, contactId } = input
  const [bot, contact] = await Promise.all([
    botId === null ? null : resources.bots.find(account, botId),
    contactId === null ? null : resources.contacts.find(account, contactId),
  ])
  found('botId', 'bot', botId, bot)
  found('contactId', 'contact', contactId, contact)

  const datasetId = input.datasetId ?? bot?.datasetId ?? null
  const skillsetId = input.skillsetId ?? bot?.skillsetId ?? null
  const [dataset, skillset] = await Promise.all([
    datasetId === null ? null : resources.datasets.find(account, datasetId),
    skillsetId === null ? null : resources.skillsets.find(account, skillsetId),
  ])
  // The resources of the bot may have been deleted; that is reported here too, not at run time.
  const through = (field: 'datasetId' | 'skillsetId') => (input[field] === null ? 'botId' : field)
  found(
    through('datasetId'),
    input.datasetId === null ? 'longer a dataset that the bot refers to' : 'dataset',
    datasetId,
    dataset,
  )
  found(
    through('skillsetId'),
    input.skillsetId === null ? 'longer a skillset that the bot refers to' : 'skillset',
    skillsetId,
    skillset,
  )

  if (missing.length > 0) {
    const message = missing.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    throw new Failure('NOT_FOUND', message, { issues: missing })
  }
  return { bot, contact, dataset: dataset === null ? null : await withRecords(resources, account, dataset), skillset }
}

/** Loads all records in one consistent read. */
async function withRecords(resources: Resources, account: AccountId, dataset: Dataset): Promise<NamedDataset> {
  const { items } = await resources.datasets.records.page(account, dataset.id, { after: null, limit: 10_000 })
  return {
    name: dataset.name,
    description: dataset.description,
    records: items.map(({ text, meta }) => ({ text, meta })),
  }
}
