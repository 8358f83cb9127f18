import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '../data/hostile/strings/blns.json')

/** What the list leaves out: what cannot be stored, what splits a header, what stands at a limit. */
const more = [
  '\0',
  'a\0b',
  '\ud800',
  'half \udc00 a pair',
  'line\r\nX-Injected: yes',
  'line\nbreak\n\nand paragraph',
  '\u2028\u2029',
  '</script><script>alert(1)</script>',
  ']]>\'"--><!--',
  'x'.repeat(255),
  'x'.repeat(256),
  '\u{1f600}'.repeat(127),
  '\u{1f600}'.repeat(128),
  '\u0301'.repeat(255),
  Array.from({ length: 12 }, (_, at) => `tag ${at}`).join(','),
  Array.from({ length: 13 }, (_, at) => `tag ${at}`).join(','),
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '..\\..\\boot.ini',
  '%00%0d%0a%2e%2e%2f',
  'data:image/png;base64,AAAA',
  ...[
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'java&#115;cript:alert(1)',
    'javascript&colon;alert(1)',
    'vbscript:msgbox(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    '//elsewhere.example',
    'https://elsewhere.example/?a=1&b="2"',
  ].map((address) => `<a href="${address}" onclick="alert(1)" style="position:fixed">link</a>`),
]

const listed = JSON.parse(readFileSync(file, 'utf8')) as string[]

/** The list spells some bytes as `\xE2`, for the reader to make; here they are made. */
const bytesMade = listed
  .filter((text) => /\\x[0-9a-f]{2}/i.test(text))
  .map((text) =>
    text.replaceAll(/(?:\\x[0-9a-f]{2})+/gi, (bytes) =>
      Buffer.from(bytes.replaceAll('\\x', ''), 'hex').toString(),
    ),
  )

/** Every string of the big list of naughty strings, and some more. */
export const naughtyStrings: readonly string[] = [...listed, ...bytesMade, ...more]

/** As UTF-8 carries it: half a surrogate pair becomes U+FFFD. */
export const asUtf8 = (text: string): string => Buffer.from(text).toString()

/** A body in which nothing tells of the machine: no path, no SQL, no stack. */
export const TELLS_TOO_MUCH = /\/tmp\/|\/home\/|node_modules|\.[tj]s:\d|SQLITE|\bat \S+ \(|errcode/
