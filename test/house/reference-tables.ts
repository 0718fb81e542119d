import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema, type GraphQLObjectType, isObjectType } from 'graphql'
import { refusalOf } from '../../src/api/chatbotkit/refusal.ts'
import { configurationTable } from '../../src/config/table.ts'
import type { EventType } from '../../src/conversation/event.ts'
import { isDeltaType, isEndingType, visibilityOf } from '../../src/conversation/event-traits.ts'
import { Failure, type FailureCode, failures, outcomes } from '../../src/kernel/errors.ts'
import { spanning } from '../support/redis/slots.ts'
import { codeHead, codes, endHead, endRows, ends, statuses, statusHead, wordHead, words } from './answer-tables.ts'
import { root } from './imports.ts'
import { mediaTypeHead, mediaTypeRows } from './media-types-table.ts'
import { metricRows } from './metrics-table.ts'
import { needHead, needRows, saidHead, saidRows } from './redis-table.ts'
import { fileRows, historyRows, ruleHead, toolRows } from './request-tables.ts'
import { dialectHead, dialectRows, fieldHead, fieldRows, typeHead, typeRows } from './sent-tables.ts'

type Row = readonly string[]

const rowsOfMetrics = await metricRows()
const rowsOfFields = await fieldRows()

/** The tables of the docs that the code knows: by the name in the page's `<!-- table: NAME -->`, with the page. */
export const referenceTables: Readonly<Record<string, { readonly page: string; readonly text: () => string }>> = {
  configuration: { page: 'docs/reference/configuration.md', text: configuration },
  errors: { page: 'docs/reference/errors.md', text: errors },
  outcomes: { page: 'docs/reference/errors.md', text: outcomesOfRuns },
  events: { page: 'docs/reference/events.md', text: events },
  metrics: { page: 'docs/reference/metrics.md', text: metrics },
  'chat-ends': { page: 'docs/reference/providers.md', text: () => table(endHead, endRows(ends.chat)) },
  'anthropic-ends': { page: 'docs/reference/providers.md', text: () => table(endHead, endRows(ends.anthropic)) },
  'responses-ends': { page: 'docs/reference/providers.md', text: () => table(endHead, endRows(ends.responses)) },
  'error-codes': { page: 'docs/reference/providers.md', text: () => table(codeHead, codes()) },
  'error-statuses': { page: 'docs/reference/providers.md', text: () => table(statusHead, statuses()) },
  'error-words': { page: 'docs/reference/providers.md', text: () => table(wordHead, words()) },
  'sent-fields': { page: 'docs/reference/providers.md', text: () => table(fieldHead, rowsOfFields) },
  'sent-schemas': { page: 'docs/reference/providers.md', text: () => table(dialectHead, dialectRows()) },
  'sent-history': { page: 'docs/reference/providers.md', text: () => table(ruleHead, historyRows()) },
  'sent-functions': { page: 'docs/reference/providers.md', text: () => table(ruleHead, toolRows()) },
  'sent-types': { page: 'docs/reference/providers.md', text: () => table(typeHead, typeRows()) },
  'sent-files': { page: 'docs/reference/providers.md', text: () => table(ruleHead, fileRows()) },
  'media-types': { page: 'docs/reference/media-types.md', text: () => table(mediaTypeHead, mediaTypeRows()) },
  'redis-needs': { page: 'docs/operations/redis.md', text: () => table(needHead, needRows()) },
  'redis-said': { page: 'docs/operations/redis.md', text: () => table(saidHead, saidRows()) },
  'redis-slots': {
    page: 'src/engines/redis/README.md',
    text: () => table(['script', 'owners of its keys'], slotRows()),
  },
  'import-rules': { page: 'docs/architecture.md', text: importRules },
}

/** A page with each of its tables as the code has it now. */
export function withTables(page: string, text: string): string {
  return Object.entries(referenceTables)
    .filter(([, table]) => table.page === page)
    .reduce((written, [name, table]) => {
      const place = new RegExp(`(<!-- table: ${name} -->\n)[\\s\\S]*?(<!-- /table -->)`)
      if (!place.test(written)) throw new Error(`${page} has no place for the table ${name}.`)
      return written.replace(place, (_, before: string, after: string) => `${before}${table.text()}\n${after}`)
    }, text)
}

/** The scripts that touch several owners' keys, those that touch the same ones together. */
function slotRows(): readonly Row[] {
  const scripts = Object.entries(spanning).filter(([name]) => name !== 'a pipeline')
  const byOwners = Map.groupBy(scripts, ([, owners]) => owners)
  return [...byOwners].map(([owners, some]) => [some.map(([name]) => `\`${name}\``).join(' '), owners])
}

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

const areaTitles: Readonly<Record<(typeof configurationTable)[number]['area'], string>> = {
  server: 'The server',
  access: 'Keys and secrets',
  engine: 'The engine',
  models: 'Models',
  worker: 'Workers',
  limits: 'Limits',
  extensions: 'What abilities may reach',
  telemetry: 'Logs, metrics, traces',
}

function configuration(): string {
  const areas = Map.groupBy(configurationTable, ({ area }) => area)
  return [...areas]
    .map(([area, variables]) => {
      const rows = variables.map(({ name, default: value, bounds, meaning, isSecret }) => {
        const told = isSecret ? `${meaning} Secret.` : meaning
        return [`\`${name}\``, value === null ? '' : `\`${value}\``, bounds ?? 'any text', told]
      })
      return `## ${areaTitles[area]}\n\n${table(['variable', 'default', 'takes', 'meaning'], rows)}`
    })
    .join('\n\n')
}

function errors(): string {
  const codes = Object.keys(failures) as readonly FailureCode[]
  return table(
    ['code', 'HTTP status', 'compatible API', 'retrying helps', 'meaning'],
    codes.map((code) => {
      const { status, retry, meaning } = failures[code]
      const { body } = refusalOf(new Failure(code, meaning, { retryAfterSeconds: 1 }))
      return [`\`${code}\``, String(status), `\`${body.code}\``, retry ? 'yes' : 'no', meaning]
    }),
  )
}

function outcomesOfRuns(): string {
  return table(
    ['code', 'meaning'],
    Object.entries(outcomes).map(([code, meaning]) => [`\`${code}\``, meaning]),
  )
}

function events(): string {
  const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'))
  const common = schema.getType('ChannelEvent')
  const kinds = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => type.getInterfaces().some((each) => each === common))
  return table(['event', 'is', 'a token sees', 'fields', 'meaning'], kinds.sort(inOrderOfARun).map(eventRow))
}

/** As they come; kinds that are not named here stand before the endings. */
const order = [
  ...['DispatchQueued', 'DispatchStarted', 'IterationStarted', 'ReasoningDelta', 'TextDelta', 'MessageCompleted'],
  ...['MessageDiscarded', 'FunctionCallRequested', 'IterationFinished', 'FunctionResultAwaited'],
  ...['FunctionCallCompleted', 'FunctionCallFailed', 'ChannelMessagePublished', 'AttachmentFailed'],
]

function inOrderOfARun(one: GraphQLObjectType, other: GraphQLObjectType): number {
  const rank = ({ name }: GraphQLObjectType) => {
    const place = order.indexOf(name)
    return place >= 0 ? place : isEndingType(eventType(name)) ? order.length + 1 : order.length
  }
  return rank(one) - rank(other) || one.name.localeCompare(other.name)
}

const sights = { whole: 'all of it', filtered: 'what an end user may see', hidden: 'nothing' } as const

function eventRow(type: GraphQLObjectType): Row {
  const kind = eventType(type.name)
  const own = Object.values(type.getFields()).filter(({ name }) => !['at', 'channelId', 'cursor'].includes(name))
  const fields = own.map(({ name, type: fieldType }) => `\`${name}: ${fieldType}\``).join(', ')
  const is = isDeltaType(kind) ? 'delta' : isEndingType(kind) ? 'ending' : 'fact'
  return [
    `\`${type.name}\``,
    is,
    sights[visibilityOf(kind) ?? 'hidden'],
    fields,
    (type.description ?? '').replaceAll('\n', ' '),
  ]
}

/** `DispatchQueued` is `dispatch-queued` inside. */
function eventType(name: string): EventType {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase() as EventType
}

function metrics(): string {
  return table(['metric', 'labels', 'counts'], rowsOfMetrics)
}

/** The table of the architecture test, read from its text: a test file exports nothing. */
function importRules(): string {
  const source = readFileSync(join(root, 'test/house/architecture.test.ts'), 'utf8')
  const [, body = ''] = /const mayImport = \{\n([\s\S]*?)\n\}/.exec(source) ?? []
  const rows = [...body.matchAll(/^ {2}(\w+): \[(.*)\],$/gm)].map(([, folder = '', list = '']) => [
    folder,
    list.replaceAll("'", '') || 'nothing',
  ])
  return table(['folder', 'may import'], rows)
}
