import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { importArchive } from '../../../src/interchange/archives/import-archive.ts'
import { hashOfText } from '../../../src/library/media-hash.ts'
import { jsonElements } from '../../../src/interchange/archives/json-elements.ts'
import { timeOf } from '../../../src/interchange/archives/times.ts'
import { onEachDatabase } from '../../helpers/databases.ts'
import { assertSound } from '../archive.ts'
import { openImporting, partsOf, piecesOf, refusalsOf } from './importing.ts'

const netscape = `<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file. -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 PERSONAL_TOOLBAR_FOLDER="true">Lesezeichenleiste</H3>
    <DL><p>
        <DT><A HREF="https://quay.example/?a=1&amp;b=2" ADD_DATE="1199145600" TAGS="Boats,Old Ropes" ICON="data:image/png;base64,AA==">Quay &amp; Rope</A>
        <DD>Knots for
beginners &lt;all&gt;
        <DT><H3 ADD_DATE="1199145600">Reading, Long</H3>
        <DD>About the folder
        <DL><p>
            <DT><A HREF="https://essay.example/" PRIVATE="1" TOREAD="1">Essay</A>
            <DT><A HREF="javascript:alert(1)">Run</A>
        </DL><p>
        <DT><A HREF="place:sort=8">Most visited</A>
    </DL><p>
    <HR>
    <DT><A>No address</A>
    <DT><A HREF="https://quay.example/?a=1&amp;b=2">Quay again</A>
    <DT><A HREF="http://untitled.example/x"></A>
</DL>
`

onEachDatabase('bookmarks of a browser become pages, with their folders as tags', async (database) => {
  await using library = await openImporting(database)
  const report = await library.bring('netscape', 'bookmarks.html', netscape, { tags: ['Imported'] })
  assert.deepEqual([report.rows, report.added, report.present, report.refused], [7, 3, 1, 3])
  assert.deepEqual(refusalsOf(report.outcomes), [
    'row 3: the address must be an http or https URL',
    'row 4: the address must be an http or https URL',
    'row 5: has no address',
  ])
  const items = await library.items()
  const names = ['title', 'description', 'url', 'tags', 'visibility', 'at', 'backupOf'] as const
  assert.deepEqual(partsOf(items, ...names), [
    [
      'Quay & Rope',
      'Knots for\nbeginners <all>',
      'https://quay.example/?a=1&b=2',
      ['boats', 'imported', 'old ropes'],
      'public',
      '2008-01-01T00:00:00.000Z',
      null,
    ],
    [
      'Essay',
      null,
      'https://essay.example/',
      ['imported', 'long', 'reading', 'toread'],
      'private',
      library.clock.now().toISOString(),
      null,
    ],
    [
      'http://untitled.example/x',
      null,
      'http://untitled.example/x',
      ['imported'],
      'public',
      library.clock.now().toISOString(),
      null,
    ],
  ])
  assert.deepEqual(partsOf(items.slice(0, 1), 'kind', 'content', 'mediaHash', 'text'), [
    [
      'page',
      { original: 'https://quay.example/?a=1&b=2' },
      hashOfText('https://quay.example/?a=1&b=2'),
      null,
    ],
  ])
  assert.equal(items[0]?.row.state, 'ready')
  assert.equal(await library.ctx.db.selectFrom('job').selectAll().executeTakeFirst(), undefined)
  await assertSound(library)
})

const bookmarks = [
  {
    href: 'https://quay.example/',
    description: 'Quay',
    extended: 'All about ropes.',
    meta: '0123',
    hash: '4567',
    time: '2011-02-03T04:05:06Z',
    shared: 'yes',
    toread: 'no',
    tags: 'boats Ropes,tarred',
  },
  {
    href: 'https://essay.example/',
    description: '  ',
    extended: '',
    time: 'never',
    shared: 'no',
    toread: 'yes',
    tags: '',
  },
]

onEachDatabase('bookmarks of Pinboard', async (database) => {
  await using library = await openImporting(database)
  const json = `\ufeff${JSON.stringify(bookmarks, null, 1).replaceAll('\n', '\r\n')}`
  const { added, failure } = await library.bring('pinboard', 'p.json', json)
  assert.deepEqual([added, failure], [2, null])
  const names = ['title', 'description', 'tags', 'visibility', 'at', 'backupOf'] as const
  assert.deepEqual(partsOf(await library.items(), ...names), [
    // A comma separates tags in every face.
    [
      'Quay',
      'All about ropes.',
      ['boats', 'ropes', 'tarred'],
      'public',
      '2011-02-03T04:05:06.000Z',
      'pinboard',
    ],
    ['https://essay.example/', null, ['toread'], 'private', library.clock.now().toISOString(), 'pinboard'],
  ])
})

onEachDatabase('bookmarks of Delicious, in HTML, in JSON and as a feed', async (database) => {
  await using library = await openImporting(database)
  const html =
    '<!DOCTYPE NETSCAPE-Bookmark-file-1>\r\n<DL><p>\r\n<DT><A HREF="https://a.example/" TAGS="x y,z">A</A>\r\n</DL>'
  await library.bring('delicious', 'd.html', html)
  await library.bring('delicious', 'd.json', JSON.stringify([{ href: 'https://b.example/', tags: 'x y' }]))
  const feed = [{ u: 'https://c.example/', d: 'C', n: 'note', t: ['x y'], dt: '2009-09-09T09:09:09Z' }]
  await library.bring('delicious', 'f.json', JSON.stringify(feed))
  const again = await library.bring('delicious', 'g.json', JSON.stringify([{ href: 'https://a.example/' }]))
  assert.equal(again.present, 1)
  assert.deepEqual(partsOf(await library.items(), 'title', 'description', 'tags', 'backupOf'), [
    ['A', null, ['x y', 'z'], 'delicious'],
    ['https://b.example/', null, ['x', 'y'], 'delicious'],
    ['C', 'note', ['x y'], 'delicious'],
  ])
})

onEachDatabase('letters and times of other programs', async (database) => {
  await using library = await openImporting(database)
  const page = (name: string, charset: string) =>
    `<!DOCTYPE NETSCAPE-Bookmark-file-1><META CONTENT="text/html; charset=${charset}"><DL><DT><A HREF="https://${name}.example/" ADD_DATE="7258118400">Größe</A></DL>`
  const latin = Buffer.from(page('latin', 'ISO-8859-1'), 'latin1')
  const marked = Buffer.from(`\ufeff${page('marked', 'ISO-8859-1')}`)
  const wide = Buffer.from(`\ufeff${page('wide', 'UTF-8')}`, 'utf16le')
  for (const [name, bytes] of Object.entries({ latin, marked, wide }))
    assert.equal((await library.bring('netscape', name, bytes)).added, 1)
  const now = library.clock.now().toISOString()
  // The date of 2200 has not come yet.
  assert.deepEqual(partsOf(await library.items(), 'url', 'title', 'at'), [
    ['https://latin.example/', 'Größe', now],
    ['https://marked.example/', 'Größe', now],
    ['https://wide.example/', 'Größe', now],
  ])
})

onEachDatabase('what is no file of bookmarks, and one that ends in the middle', async (database) => {
  await using library = await openImporting(database)
  const whole = JSON.stringify([...bookmarks, { href: 'https://third.example/', description: 'Third' }])
  const failureOf = async (name: string, bytes: Buffer | string) =>
    (await library.bring('pinboard', name, bytes)).failure
  assert.equal(await failureOf('empty', ''), 'empty is empty.')
  assert.equal(await failureOf('blank', '\ufeff \r\n '), 'blank is empty.')
  assert.equal(await failureOf('words', 'Dear all,'), 'words is no file of bookmarks.')
  assert.equal(
    await failureOf('page.html', '<html><body><a href="https://x.example">x</a>'),
    'page.html is no file of bookmarks.',
  )
  assert.equal(await failureOf('number', '{"a":1}'), 'There is no list in number.')
  assert.equal(
    await failureOf('posts.xml', '<?xml version="1.0"?><posts><post/></posts>'),
    'posts.xml is no file of bookmarks.',
  )
  if (existsSync('/proc/self/mem')) {
    // Linux opens it for everybody, and nobody can read its beginning.
    const { failure } = await importArchive(library.ctx, '/proc/self/mem', {
      service: 'pinboard',
      accountLogin: 'ada',
    })
    assert.equal(failure, 'mem cannot be read.')
  }
  assert.deepEqual(await library.items(), [])

  const cut = await library.bring('pinboard', 'cut.json', whole.slice(0, -20))
  assert.deepEqual([cut.added, cut.failure], [2, 'The JSON ends in the middle, in cut.json after row 2.'])
  const bad = whole.replace('"Third"', 'Third')
  const broken = await library.bring('pinboard', 'bad.json', bad)
  assert.deepEqual([broken.present, broken.failure], [2, 'The JSON is broken, in bad.json after row 2.'])
  const last = await library.bring('pinboard', 'whole.json', whole)
  assert.deepEqual([last.added, last.present, last.failure], [1, 2, null])
})

onEachDatabase('limits: a title is cut, the rest is refused by row', async (database) => {
  await using library = await openImporting(database)
  const row = (over: object) => ({ href: 'https://x.example/', description: 'x', ...over })
  const rows = [
    row({ description: '😀'.repeat(1001) }),
    row({ href: `https://x.example/${'y'.repeat(2000)}` }),
    row({ href: 'https://d.example/', extended: 'y'.repeat(50_001) }),
    row({ href: 'https://t.example/', tags: 'y'.repeat(256) }),
    row({ href: 'ftp://x.example/' }),
    row({ href: 'https://n.example/', description: 'a\0b' }),
    'words',
    row({ href: 7 }),
  ]
  const { outcomes } = await library.bring('pinboard', 'p.json', JSON.stringify(rows))
  assert.deepEqual(refusalsOf(outcomes), [
    'row 2: the address is too long (at most 2000 characters)',
    'row 3: the description is too long (at most 50000 characters)',
    'row 4: the list of tags has an entry of more than 255 bytes',
    'row 5: the address must be an http or https URL',
    'row 6: the title contains a character that cannot be stored',
    'row 7: has no address',
    'row 8: has no address',
  ])
  assert.deepEqual(partsOf(await library.items(), 'title'), [[`${'😀'.repeat(999)}…`]])
})

onEachDatabase('folders without end, and a bookmark without end', async (database) => {
  await using library = await openImporting(database)
  const start = '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF="https://a.example/">A</A>'
  const deep = await library.bring('netscape', 'deep.html', start + '<DL>'.repeat(5000))
  assert.deepEqual([deep.added, deep.failure], [1, 'Folders lie more than 100 deep in each other.'])
  const long = await library.bring('netscape', 'long.html', `${start}<DT><A HREF="${'x'.repeat(9_000_000)}`)
  assert.equal(long.failure, 'A bookmark is too long to be one, in long.html after row 1.')
  const json = await library.bring('pinboard', 'long.json', `[{"href":"${'x'.repeat(9_000_000)}`)
  assert.equal(json.failure, 'A row is too long to be one, in long.json at its beginning.')
})

test('the elements of lists, however the text is cut', async () => {
  const text = JSON.stringify({ a: [1, { b: [{}] }], skipped: { c: [2, [3]] }, d: [], e: ['}', null, [[4]]] })
  const expected = [
    ['a', 1],
    ['a', { b: [{}] }],
    ['e', '}'],
    ['e', null],
    ['e', [[4]]],
  ]
  for (const size of [1, 3, 7, 1000]) {
    const found: unknown[] = []
    for await (const { key, value } of jsonElements(piecesOf(text, size), 'f')) found.push([key, value])
    assert.deepEqual(found, expected, `pieces of ${size}`)
  }
})

describe('times', () => {
  const cases: [given: unknown, iso: string | null][] = [
    ['1199145600', '2008-01-01T00:00:00.000Z'],
    [1_199_145_600, '2008-01-01T00:00:00.000Z'],
    ['1199145600000', '2008-01-01T00:00:00.000Z'],
    ['1199145600000000', '2008-01-01T00:00:00.000Z'],
    ['2008-01-01T00:00:00Z', '2008-01-01T00:00:00.000Z'],
    ['2008-01-01 00:00:00', '2008-01-01T00:00:00.000Z'],
    ['Tue Jan 01 00:00:00 +0000 2008', '2008-01-01T00:00:00.000Z'],
    ['0', null],
    ['yesterday', null],
    ['-5', null],
    ['0999-01-01T00:00:00Z', null],
    [null, null],
    [{}, null],
  ]
  for (const [given, iso] of cases)
    test(`${JSON.stringify(given)} is ${iso ?? 'no time'}`, () => {
      const ms = timeOf(given)
      assert.equal(ms === null ? null : new Date(ms).toISOString(), iso)
    })
})
