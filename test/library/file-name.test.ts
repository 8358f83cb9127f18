import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanFileName } from '../../src/library/file-name.ts'

const names: [string | null, string | null][] = [
  ['harbour.png', 'harbour.png'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\pictures\\Été 1.JPG', 'Été 1.JPG'],
  ['a\u0000b\r\n.png', 'ab.png'],
  ['  ', null],
  ['..', null],
  ['folder/', null],
  ['', null],
  [null, null],
  ['.hidden', '.hidden'],
]
for (const [name, clean] of names)
  test(`the file name ${JSON.stringify(name)} becomes ${JSON.stringify(clean)}`, () => {
    assert.equal(cleanFileName(name), clean)
  })

test('a long name keeps its extension and whole characters', () => {
  const clean = cleanFileName(`${'\u{1f3a8}'.repeat(100)}.png`)
  assert.equal(clean, `${'\u{1f3a8}'.repeat(62)}.png`)
  assert.equal(Buffer.byteLength(clean ?? ''), 252)
})
