import { convert, type FormatCallback, type HtmlToTextOptions } from 'html-to-text'
import { Parser } from 'htmlparser2'

/**
 * The deepest nesting of elements. The time that the library needs grows steeply with the nesting; no real page nests
 * this deep.
 */
const maxDepth = 200

const limits = { maxDepth, ellipsis: '…' }

const skipped = ['img', 'script', 'style', 'noscript', 'svg', 'template'].map((selector) => ({
  selector,
  format: 'skip',
}))

const textOptions: HtmlToTextOptions = {
  wordwrap: false,
  limits,
  selectors: [
    ...skipped,
    { selector: 'a', options: { ignoreHref: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false, leadingLineBreaks: 2 },
    })),
  ],
}

const heading: FormatCallback = (element, walk, builder) => {
  const level = Number(element.name?.slice(1))
  builder.openBlock({ leadingLineBreaks: 2 })
  builder.addLiteral(`${'#'.repeat(level)} `)
  walk(element.children, builder)
  builder.closeBlock({ trailingLineBreaks: 2 })
}

const link: FormatCallback = (element, walk, builder) => {
  const target = element.attribs?.href
  const isShown = target !== undefined && /^(https?:|mailto:|\/)/i.test(target)
  if (isShown) builder.addLiteral('[')
  walk(element.children, builder)
  if (isShown) builder.addLiteral(`](${target})`)
}

const markdownOptions: HtmlToTextOptions = {
  wordwrap: false,
  limits,
  formatters: { heading, link },
  selectors: [
    ...skipped,
    { selector: 'a', format: 'link' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, format: 'heading' })),
  ],
}

/** Converts a page to text and keeps paragraphs, lists and tables apart. */
export function htmlToText(html: string): string {
  return convert(shallowPart(html), textOptions).trim()
}

/** Like `htmlToText`, with headings and links in Markdown. */
export function htmlToMarkdown(html: string): string {
  return convert(shallowPart(html), markdownOptions).trim()
}

/** The page up to the point where its elements nest too deep. */
function shallowPart(html: string): string {
  let depth = 0
  let end: number | null = null
  const parser = new Parser({
    onopentagname() {
      depth++
      if (depth > maxDepth) end ??= parser.startIndex
    },
    onclosetag() {
      depth--
    },
  })
  for (let start = 0; start < html.length && end === null; start += pieceLength) {
    parser.write(html.slice(start, start + pieceLength))
  }
  return end === null ? html : html.slice(0, end)
}

const pieceLength = 16_384
