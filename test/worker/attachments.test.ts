import { beforeAll, describe, expect, test } from 'vitest'
import type { FetchedAttachment } from '../../src/conversation/attachment.ts'
import { attachmentTurns } from '../../src/worker/load-attachments.ts'
import { type Engine, engines } from '../conformance/engines.ts'
import { createScriptedModel } from '../support/run/scripted-model.ts'
import { createWorkplace } from '../support/service/workplace.ts'

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 255)
const served: Readonly<Record<string, FetchedAttachment>> = {
  'https://files.example/cat.png': { kind: 'file', mediaType: 'image/png', content: png },
  'https://files.example/notes.txt': { kind: 'text', mediaType: 'text/plain', bytes: 6, text: 'Notes.', isCut: false },
  'https://files.example/film.mp4': { kind: 'other', mediaType: 'video/mp4', bytes: 12_345_678 },
  'https://files.example/gone': { kind: 'failed', message: 'The server answered with status 404.' },
}
const urls = Object.keys(served)

describe.each(engines)('attachments on %s', (_name, open) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await open()
  })

  const place = async (attachments: readonly string[] = urls) => {
    const workplace = createWorkplace(engine)
    await workplace.create({ attachments })
    const fetched: string[] = []
    const fetchAttachment = async ({ url }: { readonly url: string }) => {
      fetched.push(url)
      return served[url] ?? ({ kind: 'failed', message: 'unknown' } as const)
    }
    return { ...workplace, fetched, fetchAttachment }
  }
  const seeing = (...script: Parameters<typeof createScriptedModel>[0]) => {
    const model = createScriptedModel(script)
    return { ...model, takesFile: (mediaType: string) => mediaType === 'image/png' }
  }

  test('reach the model after the messages: text as text, files as files, others as type and size', async () => {
    const { work, fetchAttachment, kinds } = await place()
    const model = seeing({ lines: ['I see.'] })
    expect(await work(model, { fetchAttachment })).toBe('done')
    expect(model.calls[0]?.prompt).toEqual([
      { role: 'user', text: 'Hello' },
      {
        role: 'user',
        text: 'Attachment https://files.example/cat.png (image/png, 6 bytes).',
        files: [{ fileId: expect.stringMatching(/^msg_/), mediaType: 'image/png', content: expect.anything() }],
      },
      { role: 'user', text: 'Attachment https://files.example/notes.txt (text/plain, 6 bytes):\n\nNotes.' },
      {
        role: 'user',
        text: 'Attachment https://files.example/film.mp4 (video/mp4, 12.3 MB): its content cannot be shown to you.',
      },
      {
        role: 'user',
        text: 'Attachment https://files.example/gone: it could not be fetched. The server answered with status 404.',
      },
    ])
    const [, file] = model.calls[0]?.prompt ?? []
    expect(file?.role === 'user' && [...(file.files?.[0]?.content ?? [])]).toEqual([...png])
    expect(await kinds()).toEqual([
      'dispatch-queued',
      'dispatch-started',
      'message-completed',
      'message-completed',
      'message-completed',
      'attachment-failed',
      'message-completed',
      'iteration-started',
      'text-delta',
      'message-completed',
      'iteration-finished',
      'dispatch-completed',
    ])
  })

  test('a failed one is in the log, and the run continues', async () => {
    const { work, fetchAttachment, events } = await place(['https://files.example/gone'])
    await work(seeing({ lines: ['Well.'] }), { fetchAttachment })
    expect(await events()).toContainEqual({
      type: 'attachment-failed',
      url: 'https://files.example/gone',
      error: { code: 'FAILED', message: 'The server answered with status 404.' },
    })
    expect((await events()).at(-1)).toMatchObject({ type: 'dispatch-completed', result: { text: 'Well.' } })
  })

  test('a model that does not accept a file gets its type and size as text', async () => {
    const { work, fetchAttachment } = await place(['https://files.example/cat.png'])
    const model = createScriptedModel([{ lines: ['Well.'] }])
    await work(model, { fetchAttachment })
    expect(model.calls[0]?.prompt[1]).toEqual({
      role: 'user',
      text: 'Attachment https://files.example/cat.png (image/png, 6 bytes).',
      files: [],
    })
  })

  test('another worker has the files and does not fetch them again', async () => {
    const { key, work, fetchAttachment, fetched } = await place()
    const { promise: stop, reject } = Promise.withResolvers<void>()
    const dying = seeing({ lines: [stop] })
    const working = work(dying, {
      fetchAttachment,
      reportDefect: () => {
        throw new Error('died')
      },
    })
    await expect.poll(() => dying.calls.length).toBe(1)
    reject(new Error('died'))
    await expect(working).rejects.toThrow('died')
    expect(fetched).toEqual(urls)
    const model = seeing({ lines: ['I see.'] })
    await work(model, { fetchAttachment: () => Promise.reject(new Error('fetched again')) })
    expect(fetched).toEqual(urls)
    const [, file] = model.calls[0]?.prompt ?? []
    expect(file?.role === 'user' && [...(file.files?.[0]?.content ?? [])]).toEqual([...png])
    const id = file?.role === 'user' ? (file.files?.[0]?.fileId ?? '') : ''
    // What the run's log outlives, the file does not.
    expect(await engine.runs.file(key, id)).toBe(null)
  })

  test('files over the total limit count as failed', async () => {
    const { work, events } = await place([
      'https://files.example/1',
      'https://files.example/2',
      'https://files.example/3',
    ])
    const content = new Uint8Array(8_000_000)
    await work(seeing({ lines: ['Well.'] }), {
      fetchAttachment: async () => ({ kind: 'file', mediaType: 'image/png', content }),
    })
    expect((await events()).filter(({ type }) => type === 'attachment-failed')).toMatchObject([
      { url: 'https://files.example/3', error: { message: 'The files of a run may have 20 MB in all.' } },
    ])
  })

  test('as many as there is room for are in memory at once, and the others are fetched after them', async () => {
    const many = Array.from({ length: 20 }, (_, n) => `https://files.example/${n}`)
    const { work, events } = await place(many)
    let [inHand, most] = [0, 0]
    await work(seeing({ lines: ['Well.'] }), {
      fetchAttachment: async () => {
        most = Math.max(most, ++inHand)
        await new Promise(setImmediate)
        inHand -= 1
        return { kind: 'failed', message: 'unknown' }
      },
    })
    expect(most).toBe(attachmentTurns.perAccount)
    const failed = (await events()).filter((event) => event.type === 'attachment-failed')
    expect(failed.map(({ url }) => url)).toEqual(many)
  })

  test('a cancel while they are being fetched ends the run', async () => {
    const { key, work, events, seen } = await place()
    const working = work(seeing({ lines: [] }), {
      fetchAttachment: (_url, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    })
    await seen('dispatch-started')
    await engine.runs.cancel(key, { cancellation: { reason: null }, isForced: false, tag: 't' })
    await working
    expect((await events()).at(-1)).toMatchObject({ type: 'dispatch-cancelled' })
  })
})
