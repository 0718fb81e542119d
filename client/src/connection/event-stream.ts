import { asOurs, type BackchannelError, networkError, refusal } from '../errors.ts'
import { onWake } from '../wake.ts'
import { createEventReader } from './event-reader.ts'
import { type HttpOptions, post, readData } from './post.ts'
import type { Transport } from './transport.ts'

/** The server proves every 15 seconds that a stream is alive. */
const silenceMs = 40_000
/** The timers of a page that sleeps stand still: when it wakes up, the clock decides. */
const wakeSilenceMs = 20_000

/** One HTTP request for each subscription; graphql-sse calls it distinct connections mode. */
export function createEventStreamTransport(options: HttpOptions): Transport {
  return (request, channelId, sink) => {
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let heardAt = 0
    const stopListening = onWake(() => Date.now() - heardAt > wakeSilenceMs && abort.abort())
    const expectBytes = () => {
      heardAt = Date.now()
      clearTimeout(timer)
      timer = setTimeout(() => abort.abort(), silenceMs)
    }
    let isOver = false
    const end = (error: BackchannelError | null) => {
      clearTimeout(timer)
      stopListening()
      if (isOver) return
      isOver = true
      sink.done(error)
      abort.abort()
    }
    const read = async () => {
      expectBytes()
      const posted = await post(options, request, { accept: 'text/event-stream', channelId, signal: abort.signal })
      const { response } = posted
      if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true || response.body === null) {
        await readData(posted)
        throw networkError('The server sends no event stream.')
      }
      if (isOver) return
      sink.open()
      const feed = createEventReader((type, data) => {
        if (isOver) return
        if (type === 'complete') end(null)
        if (type !== 'next') return
        const result = JSON.parse(data)
        if (result.errors !== undefined) end(posted.judge(refusal(result.errors)))
        else {
          posted.accepted()
          sink.next(result.data)
        }
      })
      const decoder = new TextDecoder()
      const reader = response.body.getReader()
      for (;;) {
        const { done, value } = await reader.read()
        // The end of the body is not the end of the run: the server says `complete`.
        if (done) throw networkError()
        expectBytes()
        feed(decoder.decode(value, { stream: true }))
        if (isOver) return
      }
    }
    read().catch((error: unknown) => end(asOurs(error)))
    return () => {
      isOver = true
      end(null)
      abort.abort()
    }
  }
}
