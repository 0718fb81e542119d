import { expect, test } from 'vitest'
import { bytes, cyrillic, type Sent, utf16be, utf16le } from './pages.ts'
import { readBoth } from './read-both.ts'

const shiftJis = bytes(0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea)

/** The order of the encoding standard: a byte order mark, the header, the content's own word, a guess. */
test.each<[string, Sent, string]>([
  [
    'named in a meta element of the page alone',
    { type: 'text/html', body: bytes('<meta charset=shift_jis><p>', shiftJis) },
    '日本語',
  ],
  [
    'named in a meta element in its old form',
    {
      type: 'text/html',
      body: bytes("<META HTTP-EQUIV='Content-Type' content='text/html; charset=windows-1251'>", cyrillic('Привет')),
    },
    'Привет',
  ],
  [
    'named behind the first kilobyte of the page',
    { type: 'text/html', body: bytes(`<!--${'x'.repeat(2000)}-->`, '<meta charset="iso-8859-1">Caf', 0xe9) },
    'Café',
  ],
  [
    'named in the XML declaration of a feed',
    {
      type: 'application/rss+xml',
      body: bytes('<?xml version="1.0" encoding="windows-1251"?>\n<a>', cyrillic('Привет'), '</a>'),
    },
    '<?xml version="1.0" encoding="windows-1251"?>\n<a>Привет</a>',
  ],
  [
    'named in a style sheet',
    { type: 'text/css', body: bytes('@charset "windows-1251";/*', cyrillic('Да'), '*/') },
    '@charset "windows-1251";/*Да*/',
  ],
  [
    'that the header names otherwise than the page',
    { type: 'text/html; charset=windows-1251', body: bytes('<meta charset=utf-8>', cyrillic('Привет')) },
    'Привет',
  ],
  [
    'that a byte order mark names otherwise than the header',
    { type: 'text/plain; charset=iso-8859-1', body: bytes(0xef, 0xbb, 0xbf, Buffer.from('Ä')) },
    'Ä',
  ],
  ['of Excel: UTF-16 with its mark', { type: 'text/csv', body: bytes(0xff, 0xfe, utf16le('a;ü')) }, 'a;ü'],
  ['UTF-16 with the big end first', { type: 'text/plain', body: bytes(0xfe, 0xff, utf16be('a;ü')) }, 'a;ü'],
  ['UTF-16 without a mark, which the header names', { type: 'text/csv; charset=utf-16le', body: utf16le('ü') }, 'ü'],
  [
    'of Excel in Germany, which nothing names',
    { type: 'text/csv', body: bytes('Preis;Ort\r\n', 0x80, ' 5;K', 0xf6, 'ln\r\n') },
    'Preis;Ort\r\n€ 5;Köln\r\n',
  ],
  [
    'Russian, which nothing names',
    { type: 'text/plain', body: cyrillic('Привет, как дела? Это простой текст для проверки.') },
    'Привет, как дела? Это простой текст для проверки.',
  ],
  ['with a label of the old days', { type: 'text/plain; charset=x-sjis', body: shiftJis }, '日本語'],
  ['euc-kr', { type: 'text/plain; charset=ks_c_5601-1987', body: bytes(0xc7, 0xd1, 0xb1, 0xb9) }, '한국'],
  ['gb2312', { type: 'text/plain; charset=gb2312', body: bytes(0xd6, 0xd0, 0xce, 0xc4) }, '中文'],
  ['big5', { type: 'text/plain; charset="Big5"', body: bytes(0xa4, 0xa4, 0xa4, 0xe5) }, '中文'],
  ['latin1, which is windows-1252', { type: "text/plain; charset='latin1'; charset=latin1", body: bytes(0x80) }, '€'],
  [
    'with a label that nobody knows, and a word of the page',
    { type: 'text/html; charset=none', body: bytes('<meta charset=windows-1251>', cyrillic('Да')) },
    'Да',
  ],
  ['in two headers', { type: 'text/plain; charset=utf-8, text/plain; charset=koi8-r', body: bytes(0xe4, 0xc1) }, 'Да'],
  [
    'with invalid bytes, which become U+FFFD',
    { type: 'text/plain; charset=utf-8', body: bytes('caf', 0xe9, '!') },
    'caf\ufffd!',
  ],
])('a charset %s is read by abilities and attachments alike', async (_title, sent, text) => {
  const { ability, attachment } = await readBoth(sent)
  expect(ability).toEqual({ kind: 'data', data: { status: 200, body: text } })
  expect(attachment).toMatchObject({ kind: 'text', text, isCut: false })
})
