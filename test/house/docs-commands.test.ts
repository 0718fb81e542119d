import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from './imports.ts'
import { commands, pages, readPage } from './pages.ts'

/** A test runs the command, and reads the page that shows it. */
type Shown = { readonly runBy: string } | { readonly notRun: string }

/** What becomes of every command in every page. Each pattern is for some command, each command for exactly one pattern. */
const plan: readonly (readonly [page: RegExp, command: RegExp, shown: Shown])[] = [
  [/^README/, /^npm install && npm start$/, { runBy: 'test/specification/runs/documented-commands.test.ts' }],
  [/^(README|CONTRIBUTING)/, /^npm install && npm run check$/, { notRun: 'it runs this test' }],
  [
    /^README|deploying/,
    /^REDIS_URL=\S+ (npm start|(PORT=4001 )?node src\/main\.ts( api| worker)?)$/,
    { runBy: 'test/specification/runs/documented-commands.test.ts' },
  ],
  [/^deploy\/package/, /\bbackchannel-server\b/, { runBy: 'test/package/main.ts' }],
  [/embedded/, /^node src\/main\.ts backup /, { runBy: 'test/engines/sqlite/folder.test.ts' }],
  [/kubernetes/, /^(kubectl|helm) /, { notRun: 'it needs a cluster' }],
  [/deploying/, /^npm ci --omit=dev$/, { notRun: 'it installs for minutes' }],
  [/^README|dispatching|watching/, /^curl /, { runBy: 'test/house/readme.test.ts' }],
  [/access/, /^API_KEYS=/, { runBy: 'test/specification/runs/documented-commands.test.ts' }],
  [/telemetry/, /METRICS_PORT|:9464/, { runBy: 'test/specification/runs/documented-commands.test.ts' }],
  [
    /functions/,
    /^(redis-server|REDIS_URL=.*|curl [\s\S]*)$/,
    { runBy: 'test/specification/functions/function-readme.test.ts' },
  ],
  [/^examples|watching/, /^npx node examples\/([\w-]+\/)+main.ts/, { runBy: 'test/examples/main.test.ts' }],
  [/^bench/, /bench/, { notRun: 'a benchmark takes minutes and wants the machine to itself' }],
  [/^CONTRIBUTING|check-all/, /^npm run check:all$/, { notRun: 'it runs this test, and searches for an hour' }],
  [/^CONTRIBUTING/, /^npm run test:/, { notRun: 'it looks for what no single test shows, for minutes or hours' }],
  [/^CONTRIBUTING/, /^npm run providers:newest/, { notRun: 'it installs what is newest today' }],
  [/^CONTRIBUTING/, /bench/, { notRun: 'a benchmark takes minutes and wants the machine to itself' }],
  [/^CONTRIBUTING/, /^npm run (format|codegen|reference)$/, { notRun: 'it writes; what it would write is checked' }],
  [/^CONTRIBUTING/, /^npx vitest/, { notRun: 'it runs tests' }],
]

const shownCommands = pages.flatMap((page) => commands(page).map((command) => [page, command] as const))

describe('the commands of the docs', () => {
  test.each(shownCommands)('%s: %s is run, or it says why not', (page, command) => {
    const fitting = plan.filter(([pagePattern, pattern]) => pagePattern.test(page) && pattern.test(command))
    expect(fitting).toHaveLength(1)
    const shown = fitting[0]?.[2]
    if (shown === undefined || !('runBy' in shown)) return
    expect(existsSync(join(root, shown.runBy))).toBe(true)
  })

  test('no pattern is without a command', () => {
    const idle = plan.filter(
      ([page, pattern]) => !shownCommands.some(([at, one]) => page.test(at) && pattern.test(one)),
    )
    expect(idle).toEqual([])
  })

  test('every script of npm that a page names is there, and every option of it', () => {
    const { scripts } = JSON.parse(readPage('package.json'))
    const pattern = /npm (?:run ([\w:-]+)|(start|test)\b)((?: (?:-- )?--?[\w-]+[^`\n]*)?)/g
    const named = pages.flatMap((page) => [...readPage(page).matchAll(pattern)])
    for (const [, scriptRun, alone, options = ''] of named) {
      const script = scriptRun ?? alone ?? ''
      expect(scripts, script).toHaveProperty([script])
      const file = /^node (\S+)$/.exec(scripts[script] ?? '')?.[1]
      for (const [, option = ''] of options.matchAll(/--([a-z]+)/g)) {
        expect(readPage(file ?? ''), `${script} --${option}`).toMatch(new RegExp(`\\b${option}: \\{ type:`))
      }
    }
  })
})
