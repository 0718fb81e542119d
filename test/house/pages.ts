import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './imports.ts'

/** Every page of this repository, below its root. */
export const pages: readonly string[] = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === 'build',
})

export const readPage = (page: string) => readFileSync(join(root, page), 'utf8')

/** The code blocks of a page in a language, in order; of one section where a heading is given. */
export function codeBlocks(page: string, language: string, heading?: string): readonly string[] {
  const text = readPage(page)
  const section =
    heading === undefined ? text : (text.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '')
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n(.+?)^\`\`\``, 'gms'))].map(([, code = '']) => code)
}

/** The commands that a page shows, as they stand, without comments. A `curl` goes on over several lines. */
export function commands(page: string): readonly string[] {
  const indented = [...readPage(page).matchAll(/^ {4}((?:npx|npm|node) .+)$/gm)].map(([, line = '']) => line)
  const fenced = codeBlocks(page, 'sh').flatMap((block) => (block.startsWith('curl ') ? [block] : block.split('\n')))
  return [...indented, ...fenced].map((line) => line.replace(/\s+# .*$/, '').trim()).filter((line) => line !== '')
}

/** What stands between backticks in a text, where it is one word. */
export const inTicks = (text: string) => [...text.matchAll(/`([^`\s]+)`/g)].map(([, word = '']) => word)

/** The rows of a page's tables below a heading of any depth, up to the next heading; each the texts of its cells. */
export function tableRows(page: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] = readPage(page).split(new RegExp(`^#+ ${heading}\\n`, 'm'))
  const [rows = ''] = section.split(/^#+ /m)
  return rows
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
    .slice(1)
}
