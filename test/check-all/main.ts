import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { type Step, steps } from './steps.ts'

/**
 * `npm run check:all`: all that `npm run check` runs, at length, and every search from a seed. A line for each step when it is
 * done, and what it said where it failed. `-- --only faults` runs the steps whose name has that in it; `-- --list` names them.
 */
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, list: { type: 'boolean', default: false } },
})
const said = (text: string) => void process.stdout.write(`${text}\n`)
const chosen = steps.filter(({ name }) => name.includes(values.only))

/** How much of what a failed step has said is shown. */
const tailLength = 8000

interface Outcome {
  readonly isOk: boolean
  readonly seconds: number
  readonly tail: string
}

async function run({ command: [program = '', ...args], env }: Step): Promise<Outcome> {
  const began = performance.now()
  const isScript = program.includes('/')
  const child = spawn(isScript ? process.execPath : program, isScript ? [program, ...args] : args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-tailLength)
    })
  }
  const isOk = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      tail += error.message
      resolve(false)
    })
    child.once('close', (code) => resolve(code === 0))
  })
  return { isOk, seconds: (performance.now() - began) / 1000, tail }
}

if (values.list) {
  for (const { name } of chosen) said(name)
} else {
  let failed = 0
  const begun = new Map(chosen.filter(({ waits }) => waits).map((step) => [step, run(step)]))
  for (const step of chosen) {
    const { isOk, seconds, tail } = await (begun.get(step) ?? run(step))
    said(`${isOk ? 'passed' : 'FAILED'}  ${step.name}  (${seconds.toFixed(1)} s)`)
    if (isOk) continue
    failed += 1
    said(tail)
  }
  said(`${chosen.length - failed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1
}
