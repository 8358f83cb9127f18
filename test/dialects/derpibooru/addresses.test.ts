import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  mediaBase,
  prettyName,
  shortViewAddress,
  timestamp,
  versionAddress,
  viewAddress,
} from '../../../src/dialects/derpibooru/addresses.ts'

// The shapes of addresses in recorded replies of the service.

const item = { id: 31, created_ms: Date.parse('2016-09-03T21:54:32.750Z'), format: 'png' }

describe('addresses of pictures', () => {
  test('a version: month and day without a leading zero', () => {
    assert.equal(
      versionAddress('//pictures.example', item, 'thumb'),
      '//pictures.example/img/2016/9/3/31/thumb.png',
    )
  })

  test('versions of a drawing are PNG, of an AVIF WebP, of nothing the drawn PNG', () => {
    const of = (format: string | null) => versionAddress('', { ...item, format }, 'small')
    assert.deepEqual(
      ['svg', 'avif', 'jpeg', 'gif', null].map((format) => of(format).split('.').at(-1)),
      ['png', 'webp', 'jpeg', 'gif', 'png'],
    )
    assert.match(versionAddress('', { ...item, format: 'svg' }, 'full'), /full\.svg$/)
  })

  test('the picture itself, with its tags and without', () => {
    assert.equal(
      viewAddress('//pictures.example', item, ['safe', 'artist-colon-ada', 'blue+boat']),
      '//pictures.example/img/view/2016/9/3/31__safe_artist-colon-ada_blue+boat.png',
    )
    assert.equal(shortViewAddress('//pictures.example', item), '//pictures.example/img/view/2016/9/3/31.png')
    assert.equal(prettyName(item, []), '31.png')
  })

  test('the decoration is cut between tags, at about 150 characters', () => {
    const slugs = Array.from({ length: 60 }, (_, at) => `tag+${at}`)
    const name = prettyName(item, slugs)
    assert.ok(name.length < 160, name)
    assert.match(name, /^31__tag\+0_tag\+1_.*_tag\+\d+\.png$/)
    assert.equal(prettyName(item, ['x'.repeat(200)]), '31.png')
  })

  const bases: [string, string][] = [
    ['https://pictures.example', '//pictures.example'],
    ['https://pictures.example/derpibooru', '//pictures.example/derpibooru'],
    ['https://[2001:db8::1]/derpibooru', '//[2001:db8::1]/derpibooru'],
    ['https://pictures.example:8443', 'https://pictures.example:8443'],
    ['https://[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
    ['http://pictures.example', 'http://pictures.example'],
    ['http://127.0.0.1:8080/derpibooru', 'http://127.0.0.1:8080/derpibooru'],
  ]
  for (const [base, media] of bases)
    test(`${base} is written as ${media}`, () => {
      assert.equal(mediaBase(base), media)
    })

  test('times have milliseconds and a Z', () => {
    assert.equal(timestamp(item.created_ms), '2016-09-03T21:54:32.750Z')
  })
})
