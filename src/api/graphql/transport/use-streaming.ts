import type { ExecutionResult } from 'graphql'
import { isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga'
import { type StreamedOptions, streamedResponse } from '../../streaming/streamed-response.ts'
import { headOf, type ResultFraming, resultFraming, resultJson } from './result-framing.ts'

/**
 * Where Yoga chooses to answer with an event stream or in parts, the answer goes through the writer of all streamed answers. A
 * single result is a stream of one.
 */
export function useStreaming(beatMs: number): Plugin {
  return {
    onResultProcess({ request, result, resultProcessor, setResultProcessor }) {
      if (resultProcessor === undefined || resultProcessor === processRegularResult) return
      const takesEvents = /text\/(event-stream|\*)/i.test(request.headers.get('accept') ?? '')
      const framing = resultFraming[isAsyncIterable(result) || takesEvents ? 'text/event-stream' : 'multipart/mixed']
      setResultProcessor(
        // There are no batches, so no arrays of results.
        (told, { Response }) => resultResponse(told as Results, framing, { beatMs, responseClass: Response }),
        framing.contentType,
      )
    },
  }
}

type Results = ExecutionResult | AsyncIterable<ExecutionResult>

function resultResponse(
  result: Results,
  framing: ResultFraming,
  options: Pick<StreamedOptions, 'beatMs' | 'responseClass'>,
): Response {
  const results = isAsyncIterable(result) ? result[Symbol.asyncIterator]() : one(result)
  return streamedResponse(frames(results, framing), {
    ...options,
    contentType: framing.contentType,
    ...(isAsyncIterable(result) ? {} : headOf(result)),
    first: framing.first,
    beat: framing.beat,
    onCancel: () => void results.return?.(),
  })
}

async function* one<Value>(value: Value): AsyncGenerator<Value, void> {
  yield value
}

async function* frames(results: AsyncIterator<ExecutionResult>, framing: ResultFraming): AsyncGenerator<string, void> {
  for (;;) {
    const { done, value } = await results.next()
    if (done === true) break
    yield framing.result(resultJson(value))
  }
  yield framing.end
}
