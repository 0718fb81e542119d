import type { HistoryRow } from './history-rules.ts'

const date = '2026-11-30'

export const responsesHistory: readonly HistoryRow[] = [
  {
    name: 'OpenAI, responses',
    match: {},
    rules: { reasoning: 'signed', callIds: 'letters64' },
    source: 'https://developers.openai.com/api/docs/guides/reasoning',
    date,
  },
]

export const chatHistory: readonly HistoryRow[] = [
  {
    name: 'OpenAI, chat completions',
    match: {},
    rules: { callIds: 'letters40' },
    source: 'https://platform.openai.com/docs/api-reference/chat/create',
    date,
  },
]
