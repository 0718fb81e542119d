import { describe, expect, test } from 'vitest'
import { entriesOf, logs } from '../../support/openai/logs.ts'
import { eventsOf } from '../../support/openai/replay.ts'

/**
 * What Open Responses (version 2026-04-24) requires, in our own words: the fields of each object, and of which kind they are. `?` stands for null, too.
 * Items of other types are allowed beside those that it names.
 */
type Kind = 'text' | 'text?' | 'number' | 'number?' | 'flag' | 'list' | 'object' | 'object?' | 'choice' | 'any'

const response: Readonly<Record<string, Kind>> = {
  id: 'text',
  object: 'text',
  created_at: 'number',
  completed_at: 'number?',
  status: 'text',
  incomplete_details: 'object?',
  model: 'text',
  previous_response_id: 'text?',
  instructions: 'text?',
  output: 'list',
  error: 'object?',
  tools: 'list',
  tool_choice: 'choice',
  truncation: 'text',
  parallel_tool_calls: 'flag',
  text: 'object',
  top_p: 'number',
  presence_penalty: 'number',
  frequency_penalty: 'number',
  top_logprobs: 'number',
  temperature: 'number',
  reasoning: 'object?',
  usage: 'object?',
  max_output_tokens: 'number?',
  max_tool_calls: 'number?',
  store: 'flag',
  background: 'flag',
  service_tier: 'text',
  metadata: 'any',
  safety_identifier: 'text?',
  prompt_cache_key: 'text?',
}

const usage: Readonly<Record<string, Kind>> = {
  input_tokens: 'number',
  output_tokens: 'number',
  total_tokens: 'number',
  input_tokens_details: 'object',
  output_tokens_details: 'object',
}

const items: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  message: { id: 'text', type: 'text', status: 'text', role: 'text', content: 'list' },
  function_call: { id: 'text', type: 'text', call_id: 'text', name: 'text', arguments: 'text', status: 'text' },
  reasoning: { id: 'text', type: 'text', summary: 'list' },
}

const ofItem: Readonly<Record<string, Kind>> = { item_id: 'text', output_index: 'number' }
const ofContent: Readonly<Record<string, Kind>> = { ...ofItem, content_index: 'number' }
const ofSummary: Readonly<Record<string, Kind>> = { ...ofItem, summary_index: 'number' }
const lifecycle: Readonly<Record<string, Kind>> = { response: 'object' }

const events: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  'response.created': lifecycle,
  'response.queued': lifecycle,
  'response.in_progress': lifecycle,
  'response.completed': lifecycle,
  'response.failed': lifecycle,
  'response.incomplete': lifecycle,
  'response.output_item.added': { output_index: 'number', item: 'object' },
  'response.output_item.done': { output_index: 'number', item: 'object' },
  'response.content_part.added': { ...ofContent, part: 'object' },
  'response.content_part.done': { ...ofContent, part: 'object' },
  'response.output_text.delta': { ...ofContent, delta: 'text' },
  'response.output_text.done': { ...ofContent, text: 'text' },
  'response.reasoning_summary_part.added': { ...ofSummary, part: 'object' },
  'response.reasoning_summary_part.done': { ...ofSummary, part: 'object' },
  'response.reasoning_summary_text.delta': { ...ofSummary, delta: 'text' },
  'response.reasoning_summary_text.done': { ...ofSummary, text: 'text' },
  'response.function_call_arguments.delta': { ...ofItem, delta: 'text' },
  'response.function_call_arguments.done': { ...ofItem, arguments: 'text' },
}

type Fields = Readonly<Record<string, unknown>>

const isOf: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  'text?': (value) => value === null || typeof value === 'string',
  number: (value) => typeof value === 'number',
  'number?': (value) => value === null || typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  list: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'object?': (value) => value === null || (typeof value === 'object' && !Array.isArray(value)),
  choice: (value) => ['none', 'auto', 'required'].includes(value as string) || typeof value === 'object',
  any: (value) => value !== undefined,
}

function wrongIn(value: Fields, kinds: Readonly<Record<string, Kind>>, about: string): readonly string[] {
  return Object.entries(kinds).flatMap(([name, kind]) => {
    return isOf[kind](value[name]) ? [] : [`${about}: ${name} is ${JSON.stringify(value[name])}, not ${kind}`]
  })
}

function wrongInItem(item: Fields): readonly string[] {
  const kinds = items[String(item['type'])]
  return kinds === undefined ? [] : wrongIn(item, kinds, String(item['type']))
}

describe.each(Object.entries(logs))('%s', (_name, log) => {
  test('has what Open Responses requires', () => {
    for (const event of eventsOf(entriesOf(log))) {
      const {
        type,
        response: told,
        item,
        part,
      } = event as { type: string; response?: Fields; item?: Fields; part?: Fields }
      // Of the calls that the server carries out, Open Responses knows nothing.
      if (!type.startsWith('response.mcp_call')) expect(Object.keys(events)).toContain(type)
      expect(wrongIn(event, { ...events[type], type: 'text', sequence_number: 'number' }, type)).toEqual([])
      if (item !== undefined) expect(wrongInItem(item)).toEqual([])
      if (part !== undefined) expect(wrongIn(part, { type: 'text', text: 'text' }, 'part')).toEqual([])
      if (told === undefined) continue
      expect(wrongIn(told, response, 'response')).toEqual([])
      expect((told['output'] as readonly Fields[]).flatMap(wrongInItem)).toEqual([])
      if (told['usage'] !== null) expect(wrongIn(told['usage'] as Fields, usage, 'usage')).toEqual([])
      if (told['error'] !== null)
        expect(wrongIn(told['error'] as Fields, { code: 'text', message: 'text' }, 'error')).toEqual([])
    }
  })
})
