import type { Plugin } from 'graphql-yoga'
import { unbuffered } from '../../streaming/unbuffered.ts'

/**
 * Gives event streams the headers that every streamed answer has. Yoga's own `Connection: keep-alive`, also to clients that
 * asked to close, and `Content-Encoding: none`, which is no coding, are taken away.
 */
export function useStreaming(): Plugin {
  return {
    onResponse({ response: { headers } }) {
      if (!/^(text\/event-stream|multipart\/mixed)\b/.test(headers.get('content-type') ?? '')) return
      for (const name of ['connection', 'content-encoding']) headers.delete(name)
      for (const [name, value] of Object.entries(unbuffered)) headers.set(name, value)
    },
  }
}
