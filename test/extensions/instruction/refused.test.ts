import { expect, it } from 'vitest'
import { compileInstruction } from '../../../src/extensions/instruction/instruction.ts'
import { expectLinear } from '../../support/growth.ts'

const curly = (name: string) => `$\{${name}}`
const echo = (text: string) => `\`\`\`echo\n${text}\n\`\`\``
const fetch = (text: string) => `\`\`\`fetch\n${text}\n\`\`\``
const onlyHeaders = 'is used in a place that takes no secret'

it.each([
  ['a template by name', '@fetch/text/get', 'This server has no templates (fetch/text/get)'],
  ['a template in YAML', 'template: fetch/text/get\nparameters: {}', 'This server has no templates (fetch/text/get)'],
  ['prose', 'Look the weather up.', 'The instruction is prose'],
  ['nothing', '', 'The instruction is prose'],
  [
    'an action of others',
    '```email\nx\n```',
    'There is no action "email" here: an ability can fetch, text, echo, search or time.',
  ],
  ['an action in other letters', '```Fetch\nx\n```', 'There is no action "Fetch" here'],
  ['a language', '```yaml\nx: 1\n```', 'There is no action "yaml" here'],
  ['an action of others in YAML', '!pack.install\na: 1', 'There is no action "pack.install" here'],
  ['a fence without an action', '```\nx\n```', 'The block names no action'],
  ['an open block', '```echo\nx', 'The block that begins with ```echo is not closed'],
  ['several blocks', `${echo('a')}\n\n${echo('b')}`, 'The instruction has several blocks'],
  ['text before the block', `Do this:\n${echo('a')}`, 'There is text outside the block'],
  ['text after the block', `${echo('a')}\nThanks`, 'There is text outside the block'],
  ['a slot in the head', '```echo/a=$[x]\nx\n```', 'The head of the block holds "a=$[x]"'],
  ['a setting twice', '```echo/a=1/a=2\nx\n```', 'sets a twice'],
  ['an unknown operand', echo('$[x shout]'), 'There is no operand or type "shout"'],
  ['an unknown type', echo('$[x integer]'), 'There is no operand or type "integer"'],
  ['an operand without its argument', echo('$[x enum]'), 'The operand "enum" takes an argument'],
  ['an argument too many', echo('$[x trim<1>]'), 'The operand "trim" takes no argument'],
  ['an open placeholder', echo('$[x'), 'is not closed on its line'],
  ['an open description', echo('$[x|what\nit is]'), 'is not closed on its line'],
  ['a strange placeholder', echo('$[x ys; y]'), 'belongs where ";" stands'],
  ['two types', echo('$[x number boolean]'), 'The field "x" has the types number and boolean'],
  ['two types in two places', echo('$[x number] $[x string]'), 'The field "x" has two different types'],
  ['two defaults', echo('$[x default<a>] $[x default<b>]'), 'The field "x" has two different defaults'],
  ['a default that is none of its values', echo('$[x enum<a,b> default<c>]'), 'The default of "x" does not fit'],
  ['a default of another type', echo('$[x number default<c>]'), 'The default of "x" does not fit'],
  ['values of another type', echo('$[x number enum<a,b>]'), 'The enum of "x" holds no numbers'],
  ['an enum without values', echo('$[x enum<,>]'), 'The field "x" has an enum without values'],
  ['a bound that is no number', echo('$[x number min<a>]'), 'min takes a number'],
  ['a length below nothing', echo('$[x min<-1>]'), 'min and max are for numbers'],
  ['a bound of a boolean', echo('$[x boolean max<1>]'), 'min and max are for numbers'],
  [
    'a default with a placeholder',
    echo(`$[x default<${curly('CONTACT_NAME')}>]`),
    'The default of "x" holds a placeholder',
  ],
  ['a pattern that can run for ever', echo('$[x sanitize<(a+)+$>]'), 'sanitize takes one class of characters'],
  ['a pattern that is none', echo('$[x sanitize<[z-a]>]'), 'sanitize takes one class of characters'],
  ['a hidden field that nothing fills', echo('$[_x!]'), 'nothing can fill it'],
  [
    'a secret as a field',
    fetch('url: https://h\nheaders: {A: $[SECRET_X]}'),
    `A secret is not a field: write ${curly('SECRET_X')}.`,
  ],
  [
    'a secret with operands',
    fetch(`url: https://h\nheaders: {A: "${curly('SECRET_X euc')}"}`),
    'The secret SECRET_X takes no operands',
  ],
  ['a secret that is echoed', echo(curly('SECRET_X')), `SECRET_X ${onlyHeaders}`],
  ['a secret for a model', `\`\`\`text\n{{SECRET_X}}\n\`\`\``, `SECRET_X ${onlyHeaders}`],
  ['a secret in a search', `\`\`\`search\nquery: "{{SECRET_X}}"\n\`\`\``, `SECRET_X ${onlyHeaders}`],
  ['a secret in a URL', fetch('https://h/{{SECRET_X}}'), `SECRET_X ${onlyHeaders}`],
  ['a secret in a query', fetch('url: https://h\nquery: {a: "{{SECRET_X}}"}'), `SECRET_X ${onlyHeaders}`],
  ['a secret in a body', fetch('POST https://h\n\n{"a": "{{SECRET_X}}"}'), `SECRET_X ${onlyHeaders}`],
  ['a secret by reference in a body', '!fetch\nurl: https://h\nbody: !reference SECRET_X', `SECRET_X ${onlyHeaders}`],
  ['a slot as a key', fetch('url: https://h\nbody:\n  $[k]: 1'), 'where a key of the YAML belongs'],
  ['a slot as a header', fetch('GET https://h\n$[k]: 1'), 'is not a header'],
  ['a slot for all headers', fetch('url: https://h\nheaders: $[h j]'), 'The headers of a fetch are names with values'],
  ['a header twice', fetch('GET https://h\nA: 1\na: 2'), 'The header "a" stands there twice'],
  ['bad YAML', fetch('url: https://h\nbody: [1, 2'), 'The YAML cannot be read at line 2: Flow sequence'],
  [
    'a key twice',
    fetch('url: https://h\nurl: https://i'),
    'The YAML cannot be read at line 2: Map keys must be unique',
  ],
  ['an alias', fetch('url: https://h\nbody: [&a 1, *a]'), 'The YAML holds an anchor or an alias'],
  ['a tag in a block', fetch('url: https://h\nbody: !string x'), 'The YAML holds the unknown tag "!string"'],
  [
    'too many levels',
    fetch(`url: https://h\nbody: ${'['.repeat(70)}${']'.repeat(70)}`),
    'The YAML has more than 64 levels',
  ],
  ['a bottomless text', fetch(`url: https://h\nbody: ${'['.repeat(15_000)}`), 'The YAML'],
  ['no URL', fetch('method: GET'), 'The action "fetch" needs a "url"'],
  ['another scheme', fetch('file:///etc/passwd'), 'The action "fetch" needs a "url" that begins with http://'],
  ['an unknown field', fetch('url: https://h\ncookies: 1'), 'There is no field "cookies" of a fetch'],
  ['an unknown option', fetch('url: https://h\noptions: {jsonpath: $.a}'), 'There is no option "jsonpath" of a fetch'],
  ['an unknown setting', '```fetch/retries=3\nhttps://h\n```', 'There is no setting "retries" of a fetch'],
  ['text that is no request', fetch('please get https://h'), 'The action "fetch" takes a URL'],
  ['an unknown key of a search', '```search\nquery: a\ntype: web\n```', 'The action "search" does not know "type"'],
  [
    'YAML without a text for the model',
    '```text\nmodel: demo\n```',
    'The action "text" takes a text, or YAML with "input"',
  ],
  ['an input for the time', '```time\nin Paris\n```', 'The action "time" takes no input'],
  ['fields without an action', 'x: !string\n  name: x', 'The YAML names no action'],
  ['two actions', 'action: !echo a\nother: !echo b', 'several actions'],
  ['a key beside the action', 'action: !echo a\nurl: https://h', 'The key "url" beside "action" defines no field'],
  ['an unknown tag of a field', '!echo\na: !date\n  name: x', 'There is no action "date" here'],
  ['an unknown key of a field', '!echo\na: !string\n  nmae: x', 'The field "a" has the unknown key "nmae"'],
  ['an unknown transform', '!echo\na: !string\n  transform: [reverse]', 'there is no transform "reverse"'],
  ['an unknown type of an item', '!echo\na: !array\n  items: {type: date}', 'has the unknown type "date"'],
  ['a slot in a definition', '!echo\na: !string\n  default: $[b]', 'define a field with plain values'],
  [
    'an array in a header',
    '!fetch\nurl: https://h\nheaders:\n  A: !array\n    name: x',
    'The field "x" is an array or object',
  ],
  ['an object in a URL', '!fetch\nurl: !object\n  name: x', 'The field "x" is an array or object'],
  ['a field with a long name', echo(`$[${'x'.repeat(65)}]`), 'needs a name of at most 64'],
  ['a long instruction', echo('x'.repeat(20_001)), 'An instruction takes at most 20000 characters'],
])('refuses %s', (_name, instruction, message) => {
  const result = compileInstruction(instruction)
  expect(result).toMatchObject({ kind: 'refused', message: expect.stringContaining(message) })
})

const withSecret = (url: string) => compileInstruction(fetch(`url: ${url}\nheaders: {A: "{{SECRET_X}}"}`))

it.each([
  '$[url!]',
  '$[base]/v1',
  'https://$[host]/',
  'https://api.$[domain]',
  'https://$[name].com/',
  'https:$[host]',
])('refuses to send a secret to %s', (url) => {
  expect(withSecret(url)).toEqual({
    kind: 'refused',
    message: 'Secrets are sent only to hosts that the instruction names: write the host into the url of this fetch.',
  })
  expect(compileInstruction(fetch(`url: ${url}\nheaders: {A: b}`)).kind).toBe('compiled')
})

it.each([
  'https://h/$[path]',
  'https://h.com$[path]',
  'https://h.com:$[port number]/',
  'https://$[name].example.com/',
  'https://{{CONTACT_META_HOST}}/',
])('sends a secret to %s', (url) => {
  expect(withSecret(url).kind).toBe('compiled')
})

it.each(['[[a', '((a ', '$[a|', '{{a trim,', '((a x<', '$[a|[]', '{{a|{}', '[[a|[]] ]'])(
  'reads brackets that stay open, %s…, in time that grows with their number',
  (piece) => {
    // At most 20,000 characters are read.
    const compile = (size: number) => compileInstruction(echo(`${piece.repeat(size)}>`))
    expectLinear(compile, 130)
  },
)
