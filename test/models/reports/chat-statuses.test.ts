import { describe, test } from 'vitest'
import { isHopeless, passes, type Reading, refuses, replay, throttles } from './replay.ts'

/** Answers of chat completions with a status of their own: the status, the body, and how it is read. A new report is a new line. */
const refusals: readonly (readonly [status: number, body: string, reading: Reading])[] = [
  [
    400,
    '{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed"}}',
    passes('Failed to call a function.'),
  ],
  [
    400,
    '{"error":{"message":"Parsing failed.","type":"invalid_request_error","code":"output_parse_failed"}}',
    passes('Parsing failed.'),
  ],
  [
    400,
    '{"error":{"message":"Filtered.","type":null,"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}',
    refuses('Filtered.'),
  ],
  [400, '[{"error":{"code":400,"message":"Bad schema.","status":"INVALID_ARGUMENT"}}]', refuses('Bad schema.')],
  [
    401,
    '{"error":{"message":"No such key.","type":"invalid_request_error","code":"invalid_api_key"}}',
    isHopeless('No such key.'),
  ],
  [
    402,
    '{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}',
    isHopeless('Insufficient Balance'),
  ],
  [405, 'Method Not Allowed', isHopeless(/./)],
  [
    413,
    '{"error":{"message":"Request too large.","type":"tokens","code":"rate_limit_exceeded"}}',
    refuses('Request too large.'),
  ],
  [422, '{"detail":[{"loc":["body"],"msg":"field required"}]}', refuses('field required')],
  [429, '{"error":{"message":"Engine overloaded.","type":"engine_overloaded_error"}}', throttles('Engine overloaded.')],
  [429, '{"error":{"message":"No money left.","type":"exceeded_current_quota_error"}}', isHopeless('No money left.')],
  [
    498,
    '{"error":{"message":"Flex tier capacity exceeded.","type":"capacity_exceeded"}}',
    passes('Flex tier capacity exceeded.'),
  ],
  [500, '{"error":{"message":"Oh.","type":"internal_server_error"}}', passes('Oh.')],
  [501, '{"message":"Not implemented."}', isHopeless('Not implemented.')],
  [529, 'busy', passes(/./)],
  [400, 'data: {"error":{"message":"Told as an event.","code":"invalid_prompt"}}\n\n', refuses('Told as an event.')],
  // As clients of other services report them
  [
    400,
    '{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\\"error\\":{\\"type\\":\\"invalid_request_error\\",\\"message\\":\\"At most 1 image per prompt.\\"}}"}}}',
    refuses('Provider returned error: At most 1 image per prompt.'),
  ],
  [
    400,
    '{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\\"error\\":{\\"code\\":\\"tool_use_failed\\",\\"message\\":\\"Failed.\\"}}"}}}',
    passes('Provider returned error: Failed.'),
  ],
  [
    429,
    '{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"temporarily rate-limited upstream"}}}',
    throttles('Provider returned error: temporarily rate-limited upstream'),
  ],
  [
    403,
    '{"error":{"code":403,"message":"x requires moderation and your input was flagged","metadata":{"reasons":["violence"]}}}',
    refuses(/your input was flagged$/),
  ],
  [
    429,
    '{"error":{"message":"Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 61337.","type":"tokens","code":"rate_limit_exceeded"}}',
    refuses(/^Request too large/),
  ],
  [
    429,
    '{"error":{"message":"Rate limit reached on tokens per minute (TPM): Limit 7000, Used 0, Requested ~12903. Please try again in 50.5s.","type":"tokens","code":"rate_limit_exceeded"}}',
    refuses(/Requested ~12903/),
  ],
  [
    429,
    '{"error":{"message":"Rate limit reached on tokens per min (TPM): Limit 30000, Used 29937, Requested 385. Please try again in 644ms.","type":"tokens","code":"rate_limit_exceeded"}}',
    throttles(/644ms/, null, 644),
  ],
  [
    429,
    '{"error":{"message":"Rate limit reached on tokens per day (TPD): Limit 1500000, Used 1485066, Requested 16144. Please try again in 1m9.696s.","code":"rate_limit_exceeded"}}',
    throttles(/1m9/, null, 69_696),
  ],
  [429, '{"error":{"code":"429","message":"Please retry after 6 seconds."}}', throttles(/6 seconds/, null, 6000)],
  [
    429,
    '[{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"38s"}]}}]',
    throttles('Quota exceeded.', null, 38_000),
  ],
  [503, '{"error":"Model is currently loading","estimated_time":20.5}', throttles(/loading/, null, 20_500)],
  [
    429,
    '[{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]},{"retryDelay":"38s"}]}}]',
    isHopeless('Quota exceeded.'),
  ],
  [429, '{"error":{"message":"Rate limit exceeded: free-models-per-day","code":429}}', isHopeless(/per-day$/)],
  [429, '{"message":"Too many tokens per day, please wait before trying again."}', isHopeless(/per day/)],
  [
    400,
    '[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]',
    isHopeless(/^API key not valid/),
  ],
  [
    400,
    '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***"}',
    isHopeless(/^Incorrect API key/),
  ],
  [
    400,
    '[{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}]',
    isHopeless(/^User location/),
  ],
  [429, '{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}', isHopeless(/^余额不足/)],
  [429, '{"error":{"code":"1308","message":"已达到 5 小时的使用上限。"}}', isHopeless(/使用上限/)],
  [429, '{"error":{"code":"1302","message":"Rate limit reached for requests"}}', throttles(/^Rate limit/)],
  [
    429,
    '{"error":{"code":"insufficient_quota","type":"insufficient_quota","message":"Allocated quota exceeded, please increase your quota limit."}}',
    throttles(/^Allocated quota/),
  ],
  [400, '{"error":{"code":"Arrearage","message":"Access denied.","type":"Arrearage"}}', isHopeless('Access denied.')],
  [412, '{"error":{"message":"Account is suspended.","code":"PRECONDITION_FAILED"}}', isHopeless(/suspended/)],
  [
    424,
    '{"message":"The system encountered an unexpected error during processing. Try your request again."}',
    passes(/unexpected error/),
  ],
  [499, '[{"error":{"code":499,"message":"Cancelled.","status":"CANCELLED"}}]', passes('Cancelled.')],
  [410, '{"error":"The requested model is deprecated"}', isHopeless(/deprecated/)],
  [
    429,
    '{"type":"error","error":{"type":"rate_limit_error","message":"usage limit exceeded (2056)"}}',
    isHopeless(/2056/),
  ],
]

describe.each(['openai-chat', 'compatible'] as const)('%s', (id) => {
  test.each(refusals)('%i %s', async (status, body, reading) => reading(await replay(id, { status, body })))
})
