import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { askedImage } from '../../../src/dialects/derpibooru/oembed-address.ts'

// API page, "oEmbed": "The following domain spaces are supported". The list itself is lost; these are its known members.

const spaces = [
  { host: 'pictures.example', mount: '' },
  { host: '127.0.0.1:8080', mount: '/derpibooru' },
]

const images = [
  'https://pictures.example/31',
  'http://pictures.example/31',
  '//pictures.example/31',
  'https://PICTURES.example/31',
  'https://pictures.example//31',
  'https://pictures.example/31?q=boat&sf=score',
  'https://pictures.example/31#comments',
  'https://pictures.example/31/',
  'https://pictures.example/31.json',
  'https://pictures.example/images/31',
  'https://pictures.example/images/31?page=2#c',
  'https://pictures.example/images/31/comments',
  'https://pictures.example/img/2016/9/3/31/thumb.png',
  'https://pictures.example/img/2016/9/3/31/thumb_tiny.png',
  'https://pictures.example/img/2016/9/3/31-1fZ_x9Qp/large.png',
  'https://pictures.example/img/2016/9/3/31/full.png?signature=x',
  'https://pictures.example/img/view/2016/9/3/31.png',
  'https://pictures.example/img/view/2016/9/3/31__safe_artist-colon-ada_blue+boat.png',
  'https://pictures.example/img/view/2016/9/3/31__safe_blue boat.png',
  'https://pictures.example/img/view/2016/9/3/31-1fZ_x9Qp.png',
  'https://pictures.example/img/download/2016/9/3/31.png',
  'https://pictures.example/img/download/2016/9/3/31__2016_12.png',
  'https%3A%2F%2Fpictures.example%2F31',
  'https%3A%2F%2Fpictures.example%2Fimg%2Fview%2F2016%2F9%2F3%2F31__a%2Bb.png',
  'http://127.0.0.1:8080/derpibooru/31',
  'http://127.0.0.1:8080/derpibooru/img/view/2016/9/3/31.png',
]

const others = [
  'https://elsewhere.example/31',
  'https://pictures.example.elsewhere.example/31',
  'https://pictures.example@elsewhere.example/31',
  'https://pictures.example/',
  'https://pictures.example/tags/31',
  'https://pictures.example/31x',
  'https://pictures.example/media/BAhbB1sHOgZmSSIm',
  'https://pictures.example/thumbs/31.png',
  // A part of the date is never taken for the id.
  'https://pictures.example/img/2016/9/3/thumb.png',
  'https://pictures.example/img/2016/9/31/thumb.png',
  'https://pictures.example/img/view/2016/9/31.png',
  'https://pictures.example/img/view/2016/9/3/__31.png',
  'http://127.0.0.1:8080/31',
  'http://127.0.0.1/derpibooru/31',
]

const malformed = [
  '',
  '   ',
  '31',
  'pictures.example/31',
  'ftp://pictures.example/31',
  'javascript:alert(1)',
  'https://',
  'https://[/31',
  `https://pictures.example/31?${'x'.repeat(5000)}`,
]

describe('the address an oEmbed request asks about', () => {
  for (const url of images)
    test(`an image: ${url}`, () => {
      assert.deepEqual(askedImage(url, spaces), { kind: 'image', id: 31 })
    })

  for (const url of others)
    test(`none of ours: ${url}`, () => {
      assert.deepEqual(askedImage(url, spaces), { kind: 'other' })
    })

  for (const url of malformed)
    test(`no address: ${url.slice(0, 60)}`, () => {
      assert.deepEqual(askedImage(url, spaces), { kind: 'malformed' })
    })
})
