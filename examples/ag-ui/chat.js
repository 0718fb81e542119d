import { HttpAgent } from '@ag-ui/client'

const [list, asked, form, stop, state] = ['ol', '#asked', 'form', '#stop', 'output'].map((each) =>
  document.querySelector(each),
)

async function mine() {
  const answer = await fetch('/my-chat')
  if (!answer.ok) throw new Error(`The token server says ${answer.status}.`)
  const { conversationId, token } = await answer.json()
  return { conversationId, headers: { authorization: `Bearer ${token}` } }
}

/** The client cancels a body that has broken off, and leaves the rejection of that to nobody. */
async function patientFetch(url, init) {
  const response = await fetch(url, init)
  const { body } = response
  const getReader = () => {
    const reader = body.getReader()
    return { read: () => reader.read(), cancel: (reason) => reader.cancel(reason).catch(() => {}) }
  }
  if (body !== null) Object.defineProperty(response, 'body', { value: { getReader } })
  return response
}

const { conversationId: threadId, headers } = await mine()
const agent = new HttpAgent({ url: '/ag-ui/default', threadId, headers, fetch: patientFetch })
agent.subscribe({ onMessagesChanged: show })

/** Runs the agent to the end of its run, however often the connection breaks: the same run is joined, not begun again. */
async function run(parameters = {}) {
  const runId = crypto.randomUUID()
  let end = null
  state.textContent = 'answering'
  for (let waitMs = 250; end === null; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      await agent.runAgent(
        { ...parameters, runId },
        {
          onRunFinishedEvent: () => {
            end = 'ready'
          },
          onRunErrorEvent: ({ event }) => {
            end = event.message
          },
        },
      )
    } catch (error) {
      if (error.status === 401) agent.headers = (await mine()).headers
      else if (error.status >= 400 && error.status < 500 && error.status !== 429) end = error.message
    }
    if (end === null) await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
  state.textContent = end
  ask()
}

function show() {
  const said = agent.messages.filter(({ role, content }) => (role === 'user' || role === 'assistant') && content)
  said.forEach(({ role, content }, index) => {
    const item = list.children[index] ?? list.appendChild(document.createElement('li'))
    item.className = role
    item.textContent = typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('')
  })
  while (list.children.length > said.length) list.lastChild.remove()
}

/** What the run waits for is answered by buttons, all at once. */
function ask() {
  const open = agent.pendingInterrupts
  asked.replaceChildren(...open.map(({ message }) => document.createTextNode(`${message} `)))
  const answers = {
    // An ability that needs approval asks for just that.
    Yes: ({ reason }) => ({
      status: 'resolved',
      payload: reason === 'confirmation' ? { approved: true } : { yes: true },
    }),
    No: () => ({ status: 'cancelled' }),
  }
  for (const [name, answer] of open.length === 0 ? [] : Object.entries(answers)) {
    const button = asked.appendChild(document.createElement('button'))
    button.textContent = name
    button.onclick = () => {
      asked.replaceChildren()
      void run({ resume: open.map((each) => ({ interruptId: each.id, ...answer(each) })) })
    }
  }
}

form.onsubmit = (event) => {
  event.preventDefault()
  const { text } = form.elements
  if (text.value === '' || agent.isRunning) return
  agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: text.value })
  text.value = ''
  show()
  void run()
}
stop.onclick = () =>
  fetch('/ag-ui/default/stop', {
    method: 'POST',
    headers: { ...agent.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ threadId }),
  })

// Nothing new: what was said, then the run that is at work, or what it waits for.
await run()
