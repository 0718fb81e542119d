import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { ChatTransport, UIMessage } from 'ai'
import { opened } from '../lifetime/opened.ts'

/** What of a transport's options the tests give. */
export interface WorkflowTransportOptions {
  readonly api: string
  readonly fetch?: typeof globalThis.fetch
  readonly initialStartIndex?: number
  readonly onChatEnd?: (end: { readonly chatId: string; readonly chunkIndex: number }) => void
  readonly prepareSendMessagesRequest: (asked: {
    readonly id: string
    readonly messages: readonly UIMessage[]
    readonly trigger: string
    readonly messageId: string | undefined
    readonly body: object | undefined
  }) => { readonly headers: Readonly<Record<string, string>>; readonly body: object }
  readonly prepareReconnectToStreamRequest: (asked: { readonly api: string }) => {
    readonly api: string
    readonly headers: Readonly<Record<string, string>>
  }
}

export type WorkflowTransport = new (options: WorkflowTransportOptions) => ChatTransport<UIMessage>

const entries = { '@ai-sdk/workflow': 'dist/client.js', '@workflow/ai': 'dist/workflow-chat-transport.js' }

/**
 * The newest `WorkflowChatTransport` of the AI SDK and of Workflow, in a folder of their own. Their peers are left out, because
 * these are servers' and the transport uses none of them.
 */
export async function installTransports(): Promise<ReadonlyMap<string, WorkflowTransport>> {
  const dir = opened(await mkdtemp(join(tmpdir(), 'backchannel-workflow-')), (it) => rm(it, { recursive: true }))
  await writeFile(join(dir, 'package.json'), '{"private":true,"type":"module"}')
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--silent']
  await promisify(execFile)('npm', ['install', ...flags, ...Object.keys(entries)], { cwd: dir })
  const loaded = Object.entries(entries).map(async ([name, entry]) => {
    const url = pathToFileURL(join(dir, 'node_modules', name, entry)).href
    const module = (await import(/* @vite-ignore */ url)) as { readonly WorkflowChatTransport: WorkflowTransport }
    return [name, module.WorkflowChatTransport] as const
  })
  return new Map(await Promise.all(loaded))
}
