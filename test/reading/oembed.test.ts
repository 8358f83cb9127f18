import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readOembed } from '../../src/reading/oembed.ts'

const read = (answer: unknown) => readOembed(JSON.stringify(answer), 'https://tube.test/oembed?url=x')

describe('oEmbed answers', () => {
  test('a video', () => {
    const answer = {
      version: '1.0',
      type: 'video',
      title: 'Boats',
      html: '<iframe src="https://tube.test/embed/1"></iframe>',
      width: '640',
      height: 360.4,
      author_name: 'ada',
      author_url: '/ada',
      provider_name: 'Tube',
      thumbnail_url: 'javascript:alert(1)',
      thumbnail_width: '100%',
    }
    assert.deepEqual(read(answer), {
      type: 'video',
      title: 'Boats',
      html: '<iframe src="https://tube.test/embed/1"></iframe>',
      url: null,
      width: 640,
      height: 360,
      author_name: 'ada',
      author_url: 'https://tube.test/ada',
      provider_name: 'Tube',
      provider_url: null,
      thumbnail_url: null,
      thumbnail_width: null,
      thumbnail_height: null,
    })
  })

  const bad: unknown[] = [null, [], 'video', {}, { type: 'film' }, { type: 'video' }, { type: 'rich', html: '' }, { type: 'photo', url: 'file:///etc/passwd' }, { type: 'rich', html: 'x'.repeat(30_000) }] // prettier-ignore
  for (const answer of bad)
    test(`not ${(JSON.stringify(answer) ?? '').slice(0, 50)}`, () => assert.equal(read(answer), null))

  test('no JSON', () => assert.equal(readOembed('<oembed/>', 'https://tube.test/'), null))
})
