import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isTellingOembed, knownOembed, readStatusAddress } from '../../src/reading/services.ts'

describe('known video and sound services', () => {
  const known: [string, string][] = [
    ['https://www.youtube.com/watch?v=abc', 'YouTube'],
    ['https://m.youtube.com/watch?v=abc', 'YouTube'],
    ['https://youtu.be/abc', 'YouTube'],
    ['https://vimeo.com/123456', 'Vimeo'],
    ['https://vimeo.com/channels/staffpicks/123456', 'Vimeo'],
    ['https://soundcloud.com/someone/a-song', 'SoundCloud'],
    ['https://open.spotify.com/track/abc', 'Spotify'],
    ['https://www.flickr.com/photos/someone/123/', 'Flickr'],
  ]
  for (const [url, service] of known)
    test(url, () => {
      const found = knownOembed(new URL(url))
      assert.equal(found?.service, service)
      assert.equal(new URL(found.oembedUrl).searchParams.get('url'), url)
    })

  const others = ['https://www.youtube.com/', 'https://vimeo.com/about', 'https://soundcloud.com/someone', 'https://youtube.com.evil.test/watch?v=a', 'https://evil.test/youtu.be/abc'] // prettier-ignore
  for (const url of others) test(`not ${url}`, () => assert.equal(knownOembed(new URL(url)), null))
})

describe('addresses of short messages', () => {
  const known: [string, string, string, string][] = [
    ['https://twitter.com/someone/status/20', 'twitter', 'someone', 'https://twitter.com/someone'],
    ['https://mobile.twitter.com/someone/statuses/20', 'twitter', 'someone', 'https://twitter.com/someone'],
    ['https://x.com/someone/status/20?s=1', 'twitter', 'someone', 'https://x.com/someone'],
    ['https://social.test/@someone/109876543210', 'mastodon', 'someone', 'https://social.test/@someone'],
    [
      'https://social.test/users/someone/statuses/109876543210',
      'mastodon',
      'someone',
      'https://social.test/@someone',
    ],
  ]
  for (const [url, service, author, authorUrl] of known)
    test(url, () => assert.deepEqual(readStatusAddress(new URL(url)), { service, author, authorUrl }))

  const others = ['https://twitter.com/someone', 'https://twitter.com/someone/status/abc', 'https://blog.test/@someone/a-title-0123', 'https://x.com.evil.test/a/status/1'] // prettier-ignore
  for (const url of others) test(`not ${url}`, () => assert.equal(readStatusAddress(new URL(url)), null))
})

test('the oEmbed link that WordPress puts on every page tells nothing', () => {
  assert.equal(isTellingOembed('https://blog.test/wp-json/oembed/1.0/embed?url=x'), false)
  assert.equal(isTellingOembed('https://blog.test/?rest_route=%2Foembed%2F1.0%2Fembed&url=x'), false)
  assert.equal(isTellingOembed('https://tube.test/services/oembed?url=x'), true)
})
