import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { contentDisposition } from '../../src/http/content-disposition.ts'

test('file names of all kinds', () => {
  const cases: [string | undefined, string][] = [
    [undefined, ''],
    ['', ''],
    ['harbour.png', '; filename="harbour.png"'],
    ['two words.png', '; filename="two words.png"'],
    ['hafen-ä.png', '; filename="hafen-_.png"; filename*=UTF-8\'\'hafen-%C3%A4.png'],
    ['50%.png', '; filename="50_.png"; filename*=UTF-8\'\'50%25.png'],
    ["it's (1).png", '; filename="it\'s (1).png"'],
    ["it's (ä).png", "; filename=\"it's (_).png\"; filename*=UTF-8''it%27s%20%28%C3%A4%29.png"],
    ['a"; filename="b.exe', '; filename="a_; filename=_b.exe"'],
    ['a\r\nSet-Cookie: b', '; filename="aSet-Cookie_ b"'],
    ['../../etc/passwd', '; filename="passwd"'],
    ['C:\\pictures\\a.png', '; filename="a.png"'],
    ['..', ''],
    ['.htaccess', '; filename="htaccess"'],
    ['gnp\u202Eexe.png', '; filename="gnpexe.png"'],
    ['a\u0000b.png', '; filename="ab.png"'],
  ]
  for (const [name, expected] of cases) {
    assert.equal(contentDisposition('attachment', name), `attachment${expected}`, JSON.stringify(name))
  }
  assert.equal(contentDisposition('inline', 'a.gif'), 'inline; filename="a.gif"')
})

test('a long name is cut before its extension', () => {
  const value = contentDisposition('inline', `${'ä'.repeat(500)}.jpeg`)
  assert.match(value, /\.jpeg$/)
  assert.ok(value.length < 1_000)
  assert.doesNotMatch(decodeURIComponent(value.replace(/^.*''/, '')), /\uFFFD/)
})

test('any name is a valid header value', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
      const value = contentDisposition('attachment', `${name}\uD800`)
      assert.match(value, /^attachment; filename="[ !#-[\]-~]*"(?:; filename\*=UTF-8''[\w!#$&+.^`|~%-]+)?$/)
    }),
    { numRuns: 300 },
  )
})
