import { createBackchannel } from 'backchannel-client'
import { BackchannelProvider, useChannel, useDispatch } from 'backchannel-client/react'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { opened } from '../support/lifetime/opened.ts'

function Chat() {
  const { channelId, isDispatching } = useDispatch('a-channel-of-a-page')
  const { status, messages } = useChannel(channelId)
  return createElement('p', null, `${channelId} ${isDispatching} ${status} ${messages.length}`)
}

test('a server renders it empty, and asks for nothing', () => {
  const asked: unknown[] = []
  const client = opened(
    createBackchannel({
      url: 'http://127.0.0.1:9/graphql',
      fetch: async (...args) => {
        asked.push(args)
        throw new Error('It asks for nothing.')
      },
    }),
  )
  const html = renderToString(createElement(BackchannelProvider, { client }, createElement(Chat)))
  expect(html).toBe('<p>a-channel-of-a-page false null 0</p>')
  expect(asked).toEqual([])
})

test('a hook without its provider says so', () => {
  expect(() => renderToString(createElement(Chat))).toThrow('BackchannelProvider')
})
