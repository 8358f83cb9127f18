import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readEmbedCode } from '../../src/reading/embed-code.ts'

describe('embed codes', () => {
  test('an iframe: its tag and attributes, without handlers', async () => {
    const code = `  <IFRAME width="560" HEIGHT="315" src="//player.test/v/1?a=1&amp;b=2" onload="alert(1)" style="x"
      allowfullscreen></iframe>\n`
    assert.deepEqual(await readEmbedCode(code), {
      tag: 'iframe',
      attributes: {
        width: '560',
        height: '315',
        src: 'https://player.test/v/1?a=1&b=2',
        allowfullscreen: '',
      },
      params: { src: 'https://player.test/v/1?a=1&b=2' },
    })
  })

  test('an object with parameters and an embed inside', async () => {
    const code = `<object width="1"><param name="movie" value="http://player.test/p.swf"><param name="flashvars"
      value="id=1"><param name="bad" value=" JavaScript:alert(1)"><embed src="http://player.test/p.swf"></embed></object>`
    assert.deepEqual(await readEmbedCode(code), {
      tag: 'object',
      attributes: { width: '1', src: 'http://player.test/p.swf' },
      params: { movie: 'http://player.test/p.swf', flashvars: 'id=1', src: 'http://player.test/p.swf' },
    })
  })

  test('a video with sources', async () => {
    const code = '<video controls poster="javascript:alert(1)"><source src="https://v.test/a.webm"></video>'
    assert.deepEqual(await readEmbedCode(code), {
      tag: 'video',
      attributes: { controls: '', src: 'https://v.test/a.webm' },
      params: { src: 'https://v.test/a.webm' },
    })
  })

  const others = [
    'just words', '<p>words</p>', '<iframe src="https://a.test/"></iframe> and words', '<script src="https://a.test/"></script>',
    '<iframe src="https://a.test/"></iframe><iframe src="https://b.test/"></iframe>', '<iframe src="/relative"></iframe>',
    '<iframe src="javascript:alert(1)"></iframe>', '<iframe src="data:text/html,x"></iframe>', '<iframe></iframe>', '<iframe',
    '<object><script>1</script><param name=movie value=https://a.test/></object>', '',
    `<iframe src="https://a.test/" title="${'x'.repeat(20_000)}"></iframe>`,
  ] // prettier-ignore
  for (const text of others)
    test(`not ${text.slice(0, 60)}`, async () => assert.equal(await readEmbedCode(text), null))
})
