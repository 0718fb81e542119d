import { convert, type FormatCallback, type HtmlToTextOptions } from 'html-to-text'
import { Parser } from 'htmlparser2'

/** Elements within each other. Half a megabyte of nothing but `<div>` takes the library six seconds; no real page comes near. */
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

/** A page's words, with its paragraphs, lists and tables kept apart. */
export function htmlToText(html: string): string {
  return convert(shallowPart(html), textOptions).trim()
}

/** The same, with headings and links written as Markdown writes them. */
export function htmlToMarkdown(html: string): string {
  return convert(shallowPart(html), markdownOptions).trim()
}

/** A page up to where its elements stand too deep within each other. */
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
