import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './imports.ts'

const closing = /\b[\w.[\]?!]+\.(close|stop|dispose|disconnect|terminate|destroy)\(\)|\.kill\('SIG(TERM|KILL)'\)/

/** Files that close something first because their hook then checks what that has left. */
const checking = [
  'test/channel/follow.test.ts',
  'test/dispatch/cancel.test.ts',
  'test/dispatch/snapshot.test.ts',
  'test/examples/cutting-proxy.test.ts',
]

const files = globSync('test/**/*.test.ts', { cwd: root }).sort()
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

/** The hooks that run after a test or a file. */
const hooksOf = (text: string) => text.match(/^( *)after(All|Each)\((?:.*\)\n|[\s\S]*?\n\1\}\)\n)/gm) ?? []

/** The last statement of each test, where it stands on one line. */
function endsOf(text: string): readonly string[] {
  return [...text.matchAll(/^( *)(?:test|it)\b.*?\n\1\}/gms)].flatMap(([body]) => {
    const lines = body.split('\n')
    return [lines.at(-2)?.trim() ?? '']
  })
}

test('no hook closes what a test has opened: `opened` does, also when the test fails (test/README.md)', () => {
  const found = files.filter(
    (file) => !checking.includes(file) && hooksOf(textOf(file)).some((hook) => closing.test(hook)),
  )
  expect(found).toEqual([])
})

test('no test ends with closing what it has opened', () => {
  const found = files.flatMap((file) =>
    endsOf(textOf(file)).flatMap((line) =>
      /^(await )?[^=]*$/.test(line) && closing.test(line) && !line.startsWith('expect(') ? [`${file}: ${line}`] : [],
    ),
  )
  expect(found).toEqual([])
})
