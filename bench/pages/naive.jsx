import { createClient } from 'graphql-ws'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Answer } from './answer.jsx'

const query = `subscription ($channelId: ID!) {
  channelEvents(channelId: $channelId) {
    __typename cursor at
    ... on DispatchQueued { messages { id text } }
    ... on TextDelta { messageId position text }
  }
}`

function reduce(state, event) {
  switch (event.__typename) {
    case 'DispatchQueued':
      return { ...state, messages: event.messages }
    case 'DispatchCompleted':
      return { ...state, status: 'COMPLETED' }
    case 'TextDelta': {
      const { messageId: id, position, text } = event
      const known = state.messages.find((each) => each.id === id) ?? { id, text: '' }
      const grown = { ...known, text: known.text.slice(0, position) + text }
      return { ...state, messages: [...state.messages.filter((each) => each.id !== id), grown] }
    }
    default:
      return state
  }
}

function Chat() {
  const [state, setState] = useState({ messages: [], status: 'RUNNING' })
  useEffect(() => {
    const socket = createClient({ url: `${location.origin.replace('http', 'ws')}/graphql` })
    const next = ({ data }) => setState((before) => reduce(before, data.channelEvents))
    const request = { query, variables: { channelId: location.hash.slice(1) } }
    return socket.subscribe(request, { next, error() {}, complete() {} })
  }, [])
  return <Answer {...state} />
}

createRoot(document.getElementById('root')).render(<Chat />)
