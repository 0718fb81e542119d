import { baseUrl, headerSecret, itself, seconds, text, wholeNumber } from './forms.ts'
import { modelPrices } from './prices.ts'
import { group, groupWith, variable } from './variable.ts'

/** Which models there are. The first variable of a provider configures it. */
export const models = {
  defaultModel: variable(text, {
    name: 'DEFAULT_MODEL',
    default: 'demo',
    meaning: 'The model of dispatches that name none: `provider:name` with optional `/key=value` settings.',
    isSecret: false,
  }),
  /** By the names of the registry in models/providers.ts. Null: not configured. */
  providers: group({
    openai: groupWith('apiKey', {
      apiKey: variable(headerSecret, {
        name: 'OPENAI_API_KEY',
        default: undefined,
        meaning: 'Configures OpenAI: `openai:<model>` is the responses API, `openai-chat:<model>` chat completions.',
        isSecret: true,
        secretsIn: itself,
      }),
      baseUrl: variable(baseUrl, {
        name: 'OPENAI_BASE_URL',
        default: undefined,
        meaning: "Where OpenAI's API is reached. Absent: at OpenAI.",
        isSecret: false,
      }),
    }),
    anthropic: groupWith('apiKey', {
      apiKey: variable(headerSecret, {
        name: 'ANTHROPIC_API_KEY',
        default: undefined,
        meaning: 'Configures Anthropic: `anthropic:<model>`.',
        isSecret: true,
        secretsIn: itself,
      }),
      baseUrl: variable(baseUrl, {
        name: 'ANTHROPIC_BASE_URL',
        default: undefined,
        meaning: "Where Anthropic's API is reached. Absent: at Anthropic.",
        isSecret: false,
      }),
    }),
    compatible: groupWith('baseUrl', {
      baseUrl: variable(baseUrl, {
        name: 'OPENAI_COMPATIBLE_BASE_URL',
        default: undefined,
        meaning:
          'Configures `compatible:<model>` on Ollama, vLLM, LM Studio or any server like them; the URL includes its `/v1`.',
        isSecret: false,
      }),
      apiKey: variable(headerSecret, {
        name: 'OPENAI_COMPATIBLE_API_KEY',
        default: undefined,
        meaning: 'The key of that server, if it wants one.',
        isSecret: true,
        secretsIn: itself,
      }),
    }),
  }),
  /** By the names of the registry in models/providers.ts. */
  providerLimits: group({
    openai: providerLimits('OPENAI', 'OpenAI'),
    anthropic: providerLimits('ANTHROPIC', 'Anthropic'),
    compatible: providerLimits('OPENAI_COMPATIBLE', '`OPENAI_COMPATIBLE_BASE_URL`'),
  }),
  modelPrices: variable(modelPrices, {
    name: 'MODEL_PRICES',
    default: '{}',
    meaning:
      'What models cost per million tokens, in a unit of money of your choice: `{"openai:gpt-5.4": {"input": 2.5, "cachedInput": 0.25, "output": 15}}`, or the path of a file with that. `cachedInput` is `input` unless given, `reasoning` is `output`. A dispatch keeps the price of its time. Models without a price have no `usage.cost`, and no limit on cost.',
    isSecret: false,
  }),
  modelConcurrency: variable(wholeNumber(1, 10_000), {
    name: 'MODEL_CONCURRENCY',
    default: '100',
    meaning: 'How many model calls are in flight at once, per provider and process.',
    isSecret: false,
  }),
  modelSilenceMs: variable(seconds(1, 3600), {
    name: 'MODEL_SILENCE_SECONDS',
    default: '180',
    meaning: 'How long a model may be silent before the call is given up and tried again.',
    isSecret: false,
  }),
}

function providerLimits(prefix: string, provider: string) {
  return group({
    requestsPerMinute: variable(wholeNumber(1, 10_000_000), {
      name: `${prefix}_REQUESTS_PER_MINUTE`,
      default: null,
      meaning: `How many model calls all workers together make to ${provider} in a minute, a tenth of them at once; runs that wait for it longer than three seconds hold no place. Absent: no limit.`,
      isSecret: false,
    }),
    tokensPerMinute: variable(wholeNumber(1, 10_000_000_000), {
      name: `${prefix}_TOKENS_PER_MINUTE`,
      default: null,
      meaning: `How many tokens, input and output together, all workers use of ${provider} in a minute: estimated before a call, corrected after it. Absent: no limit.`,
      isSecret: false,
    }),
  })
}
