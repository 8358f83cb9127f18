import assert from 'node:assert/strict'
import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { hashOfText } from '../../../src/library/media-hash.ts'
import { onEachDatabase } from '../../helpers/databases.ts'
import { samplePicture } from '../../helpers/pictures.ts'
import { zipOf, zipOfTexts } from '../../helpers/zips.ts'
import { assertSound } from '../archive.ts'
import { openImporting, partsOf, refusalsOf } from './importing.ts'

const tweet = (over: object) => ({
  tweet: {
    id_str: '1100000000000000001',
    created_at: 'Sat Mar 02 10:20:30 +0000 2019',
    full_text: 'Fog &amp; #Boats https://t.co/abc https://t.co/pic',
    entities: {
      hashtags: [{ text: 'Boats' }],
      urls: [{ url: 'https://t.co/abc', expanded_url: 'https://fog.example/' }],
      media: [{ url: 'https://t.co/pic', media_url_https: 'https://pbs.twimg.com/media/one.png' }],
    },
    ...over,
  },
})
const script = (name: string, value: unknown) =>
  `window.YTD.${name}.part0 = ${JSON.stringify(value, null, 2)}`

async function twitterFiles(): Promise<Record<string, Buffer | string>> {
  return {
    'data/account.js': script('account', [{ account: { username: 'ada_l', accountId: '7' } }]),
    'data/tweets.js': script('tweets', [
      tweet({}),
      tweet({ id_str: '1100000000000000002', full_text: 'Only words &lt;3', entities: {} }),
      tweet({ id_str: '1100000000000000003', full_text: 'A broken picture', entities: {} }),
      tweet({ id_str: 'x' }),
    ]),
    'data/tweets-part1.js': script('tweets', [
      tweet({}),
      { id_str: '12', full_text: 'Old', created_at: 'Fri Nov 05 08:00:00 +0000 2010' },
    ]),
    'data/like.js': script('like', [
      {
        like: {
          tweetId: '1100000000000000002',
          fullText: 'Theirs',
          expandedUrl: 'https://twitter.com/bob/status/1100000000000000002',
        },
      },
    ]),
    'data/tweets_media/1100000000000000001-one.png': await samplePicture({ width: 40, height: 30, seed: 1 }),
    'data/tweets_media/1100000000000000001-two.png': await samplePicture({ width: 40, height: 30, seed: 2 }),
    'data/tweets_media/1100000000000000003-bad.png': (
      await samplePicture({ width: 40, height: 30, seed: 3 })
    ).subarray(0, 60),
    'Your archive.html': '<html></html>',
  }
}

onEachDatabase('an archive of Twitter: tweets, their pictures, and likes', async (database) => {
  await using library = await openImporting(database)
  const files = await twitterFiles()
  const report = await library.bring('twitter', 'twitter.zip', zipOfTexts(files))
  assert.equal(report.failure, null)
  assert.deepEqual([report.added, report.present, report.refused], [5, 2, 2])
  assert.deepEqual(refusalsOf(report.outcomes), [
    'data/tweets.js row 3: the original cannot be used: the PNG ends before its IEND chunk',
    'data/tweets.js row 4: has no number',
  ])
  await library.runJobs()
  const items = await library.items()
  const words = 'Fog & #Boats https://fog.example/'
  const one = 'https://twitter.com/ada_l/status/1100000000000000001'
  const names = ['kind', 'title', 'description', 'url', 'tags', 'backupOf', 'at'] as const
  const at = '2019-03-02T10:20:30.000Z'
  assert.deepEqual(partsOf(items, ...names), [
    // In the order of the names of the files: likes, then the second part, then the first.
    [
      'status',
      'Theirs',
      null,
      'https://twitter.com/bob/status/1100000000000000002',
      [],
      'twitter_fav',
      '2019-02-25T11:50:11.668Z',
    ],
    ['image', words, words, one, ['boats'], 'twitter', at],
    ['image', words, words, one, ['boats'], 'twitter', at],
    ['status', 'Old', null, 'https://twitter.com/ada_l/status/12', [], 'twitter', '2010-11-05T08:00:00.000Z'],
    [
      'status',
      'Only words <3',
      null,
      'https://twitter.com/ada_l/status/1100000000000000002',
      [],
      'twitter',
      at,
    ],
  ])
  assert.deepEqual(items[4]?.content, {
    text: 'Only words <3',
    author: 'ada_l',
    author_url: 'https://twitter.com/ada_l',
    original: 'https://twitter.com/ada_l/status/1100000000000000002',
    service: 'twitter',
  })
  assert.equal(items[4].mediaHash, hashOfText('https://twitter.com/ada_l/status/1100000000000000002'))
  assert.equal(items[4].text, 'only words <3')
  assert.deepEqual(
    items.map(({ row }) => [row.state, row.width, row.file_name]),
    [
      ['ready', null, null],
      ['ready', 40, '1100000000000000001-one.png'],
      ['ready', 40, '1100000000000000001-two.png'],
      ['ready', null, null],
      ['ready', null, null],
    ],
  )
  assert.deepEqual(partsOf(items.slice(0, 1), 'content'), [
    [
      {
        text: 'Theirs',
        author: 'bob',
        author_url: 'https://twitter.com/bob',
        original: 'https://twitter.com/bob/status/1100000000000000002',
        service: 'twitter',
      },
    ],
  ])
  await assertSound(library)

  for (const [name, bytes] of Object.entries(files)) await library.put(`unpacked/${name}`, Buffer.from(bytes))
  const unpacked = await library.bringFrom('twitter', 'unpacked')
  assert.deepEqual([unpacked.added, unpacked.present, unpacked.refused], [0, 7, 2])
  const single = await library.bringFrom('twitter', 'unpacked/data/tweets.js')
  assert.deepEqual([single.added, single.present, single.refused], [1, 2, 1])
})

/** The bytes of UTF-8 as characters, as the export has them. */
const spoilt = (text: string) => Buffer.from(text).toString('latin1')

onEachDatabase('an export of Instagram: posts with their pictures, and likes', async (database) => {
  await using library = await openImporting(database)
  const posts = [
    {
      media: [
        {
          uri: 'media/posts/201902/a.jpg',
          creation_timestamp: 1_551_521_630,
          title: spoilt('Größe 😀 #Hafen'),
        },
      ],
    },
    {
      title: 'Two of them',
      creation_timestamp: 1_551_521_631,
      media: [
        { uri: 'media/posts/201902/b.jpg', creation_timestamp: 1_551_521_632, title: '' },
        { uri: 'media/posts/201902/c.mp4', title: '' },
      ],
    },
    { media: [{ uri: 'media/posts/gone.jpg', creation_timestamp: 1, title: '' }] },
    { media: [{ uri: '../../etc/passwd' }] },
  ]
  const likes = {
    likes_media_likes: [
      {
        title: 'bob',
        string_list_data: [
          { href: 'https://www.instagram.com/p/abc/', value: spoilt('👍'), timestamp: 1_551_521_633 },
        ],
      },
      { title: 'bob', string_list_data: [] },
    ],
  }
  const old = {
    stories: [{ path: 'stories/s.jpg' }],
    photos: [{ caption: 'Früher', taken_at: '2015-01-02T03:04:05', path: 'photos/o.jpg' }],
  }
  const files = {
    'me/your_instagram_activity/media/posts_1.json': JSON.stringify(posts),
    'me/your_instagram_activity/likes/liked_posts.json': JSON.stringify(likes),
    'me/media/posts/201902/a.jpg': await samplePicture({ width: 40, height: 30, seed: 4, format: 'jpeg' }),
    'me/media/posts/201902/b.jpg': await samplePicture({ width: 40, height: 30, seed: 5, format: 'jpeg' }),
    'me/media/posts/201902/c.mp4': Buffer.concat([
      Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
      Buffer.alloc(64),
    ]),
    'me/media.json': JSON.stringify(old),
    'me/photos/o.jpg': await samplePicture({ width: 40, height: 30, seed: 6, format: 'jpeg' }),
  }
  const report = await library.bring('instagram', 'i.zip', zipOfTexts(files))
  const [likedAt, postsAt] = [
    'me/your_instagram_activity/likes/liked_posts.json',
    'me/your_instagram_activity/media/posts_1.json',
  ]
  assert.deepEqual(refusalsOf(report.outcomes), [
    `${likedAt} row 2: has no address`,
    `${postsAt} row 3, media/posts/gone.jpg: names a picture that is not in the export`,
    `${postsAt} row 4, ../../etc/passwd: names a picture that is not in the export`,
  ])
  await library.runJobs()
  const names = ['kind', 'title', 'description', 'url', 'tags', 'backupOf', 'at'] as const
  assert.deepEqual(partsOf(await library.items(), ...names), [
    ['image', 'Früher', 'Früher', null, [], 'instagram', '2015-01-02T03:04:05.000Z'],
    [
      'page',
      'A post of bob',
      null,
      'https://www.instagram.com/p/abc/',
      [],
      'instagram_fav',
      '2019-03-02T10:13:53.000Z',
    ],
    ['image', 'Größe 😀 #Hafen', 'Größe 😀 #Hafen', null, ['hafen'], 'instagram', '2019-03-02T10:13:50.000Z'],
    ['image', 'Two of them', 'Two of them', null, [], 'instagram', '2019-03-02T10:13:52.000Z'],
    ['embed', 'Two of them', 'Two of them', null, [], 'instagram', '2019-03-02T10:13:51.000Z'],
  ])
  await assertSound(library)
  const html = await library.bring(
    'instagram',
    'h.zip',
    zipOfTexts({ 'content/posts_1.html': '<html></html>' }),
  )
  assert.equal(html.failure, 'This is an export in HTML; ask Instagram for one in the format JSON.')
})

onEachDatabase('a hostile archive brings nothing in but what is whole', async (database) => {
  await using library = await openImporting(database)
  const good = script('tweets', [tweet({ entities: {} })])
  const failureOf = async (bytes: Buffer | string) => (await library.bring('twitter', 't.zip', bytes)).failure

  const bomb = zipOf([{ name: 'data/tweets.js', bytes: good, sizeBytes: 90_000_000 }])
  assert.equal(await failureOf(bomb), 'The archive would unpack to more than 100 times its size.')
  const lying = zipOf([{ name: 'data/tweets.js', bytes: Buffer.alloc(2_000_000, ' '), sizeBytes: 1000 }])
  assert.equal(await failureOf(lying), 'The archive is damaged, in data/tweets.js.')
  const locked = zipOf([{ name: 'data/tweets.js', bytes: good, flags: 0x801 }])
  assert.equal(await failureOf(locked), 'The archive is locked with a password, in data/tweets.js.')
  assert.equal(
    await failureOf(zipOfTexts({ 'data/tweets.js': good }).subarray(0, 200)),
    'The archive is damaged.',
  )
  assert.equal(
    await failureOf('no archive at all'),
    'There are no tweets (data/tweets.js) and no likes (data/like.js) here.',
  )
  assert.equal(
    await failureOf(zipOfTexts({ 'data/tweets.js': `alert(1); ${good}` })),
    'data/tweets.js is no file of a Twitter archive.',
  )
  assert.deepEqual(await library.items(), [])

  const outside = zipOf([
    { name: '../../data/tweets.js', bytes: good },
    { name: '/etc/tweets.js', bytes: good },
    { name: 'data\\tweets.js', bytes: good },
    { name: 'data/like.js', bytes: '/etc/passwd', mode: 0o120777 },
    { name: 'data/tweets.js', bytes: good },
  ])
  const { outcomes, added } = await library.bring('twitter', 'o.zip', outside)
  assert.deepEqual(refusalsOf(outcomes), [
    '../../data/tweets.js: leads out of the archive',
    '/etc/tweets.js: leads out of the archive',
    'data\\tweets.js: leads out of the archive',
    'data/like.js: is a link or no file',
  ])
  assert.equal(added, 1)

  await library.put('folder/real/tweets.js', Buffer.from(good))
  await library.put('elsewhere/tweets.js', Buffer.from(good.replace('0001', '0009')))
  await symlink(join(library.folder, 'elsewhere'), join(library.folder, 'folder/data'))
  const linked = await library.bringFrom('twitter', 'folder')
  assert.deepEqual([linked.present, refusalsOf(linked.outcomes)], [1, ['data: is a link or no file']])
  assert.equal((await library.items()).length, 1)
  await assertSound(library)
})
