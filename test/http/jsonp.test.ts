import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { isCallbackName, wrapInCallback } from '../../src/http/jsonp.ts'

const GOOD = [
  'bar', '_', '$', 'a1', 'jQuery1102_1690000000000', 'app.list.show', 'app.calls[0]', 'a[12].b', '$.cb', 'evaluate',
  'my.default1', 'newThing', 'a'.repeat(128), 'functions', 'document1',
] // prettier-ignore

const BAD = [
  '', ' ', 'a'.repeat(129), '1a', 'a-b', 'a b', 'a;b', 'a(b)', 'alert(1)', 'a.', '.a', 'a..b', 'a[', 'a[]', 'a[b]',
  'a["b"]', "a['b']", 'a[-1]', 'a[1', '[0]', 'a[0]b', 'a\n', '\na', 'a\u2028', 'à', 'a/**/', '/**/a', '<script>', 'a,b',
  'function', 'new', 'this', 'null', 'a.delete', 'while', 'eval', 'eval.call', 'window.eval', 'a.eval', 'Function',
  'a.constructor', 'a.__proto__', 'setTimeout', 'window.setTimeout', 'document.write', 'location.assign', 'alert',
  'a.call', 'a=b', 'a%20', 'a\0', 'a`b`', 'CWS\u0007x',
] // prettier-ignore

test('callback names: identifiers joined by dots, with numbers in brackets', () => {
  for (const name of GOOD) assert.equal(isCallbackName(name), true, name)
  for (const name of BAD) assert.equal(isCallbackName(name), false, JSON.stringify(name))
})

// API v1 overview, "JSON-P Callbacks": `bar({ "meta": …, "data": … })`
test('the answer is a comment and a call, and nothing in it ends a script', () => {
  const value = { text: '</script><!--\u2028\u2029', n: 1 }
  const script = wrapInCallback('app.show', JSON.stringify(value))
  assert.match(script, /^\/\*\*\/app\.show\(\{.*\}\)$/)
  assert.doesNotMatch(script, /[<\u2028\u2029]/)

  const shown: unknown[] = []
  runInNewContext(script, { app: { show: (shownValue: unknown) => shown.push(JSON.stringify(shownValue)) } })
  assert.deepEqual(shown, [JSON.stringify(value)])
})

test('a bad name is never written', () => {
  assert.throws(() => wrapInCallback('alert(1)//', '{}'), RangeError)
})
