import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { addCollection, findCollection } from '../../src/library/collections.ts'
import { collectItem, pageCopy, type CollectInput } from '../../src/library/collecting.ts'
import { findCollected, listCollected } from '../../src/library/collected-lists.ts'
import { changeCollected } from '../../src/library/collected-change.ts'
import { mediaHashesOf } from '../../src/library/media-hash.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { closeWeb, webOf } from './web-pages.ts'
import {
  addNote,
  fieldsOf,
  openLibrary,
  person,
  refused,
  storedBlobs,
  type TestLibrary,
} from './open-library.ts'
import { samplePicture } from '../helpers/pictures.ts'

const allowed = { VITRINE_FETCH_ALLOW: '127.0.0.1/32', VITRINE_CHROMIUM: 'off' }
const said = { title: 'A find', source: 'https://found.example/1' }
const text = (words: string): CollectInput => ({ ...said, what: { kind: 'text', text: words } })

async function file({ ctx }: TestLibrary, bytes: Buffer | string, mimeType: string | null = null) {
  const incoming = await ctx.blobs.receive(Readable.from([Buffer.from(bytes)]), { maxBytes: 10_000_000 })
  return { ...said, what: { kind: 'file' as const, incoming, fileName: 'a file', mimeType } }
}

onEachDatabase('every kind of item is told from what was given', async (database) => {
  await using library = await openLibrary(database, allowed)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const { origin, server } = await webOf()
  const kindOf = async (input: CollectInput) => {
    const { uid } = await collectItem(ctx, ada.viewer, input)
    await library.runJobs()
    return findCollected(ctx, ada.viewer, uid)
  }
  const url = (path: string): CollectInput => ({ ...said, what: { kind: 'url', url: `${origin}${path}` } })
  try {
    const kinds: Record<string, CollectInput> = {
      text: text('Some words'),
      embed: text('<iframe src="https://player.example/1" width="400"></iframe>'),
      status: { ...text('It rains'), source: 'https://toots.example/@mina/109000000000' },
      image: await file(library, await samplePicture({ width: 40, height: 30 })),
      document: await file(library, '%PDF-1.7\n'),
      audio: url('/sound'),
      page: url('/page'),
      recipe: url('/recipe'),
      article: url('/article'),
    }
    for (const [kind, input] of Object.entries(kinds)) {
      const { item } = await kindOf(input)
      assert.deepEqual([item.kind, item.state, item.title], [kind, 'ready', 'A find'])
      assert.match((await mediaHashesOf(ctx.db, [item])).get(item.id) ?? '', /^[0-9a-f]{32}\d+$/)
    }
    const recipe = await kindOf(url('/recipe'))
    assert.equal(JSON.parse(recipe.item.content).name, 'Pea soup')
    assert.equal(recipe.item.blob_sha256, null)
    assert.equal(recipe.renditions.get(pageCopy)?.mime_type, 'text/html')
    const gone = await kindOf(url('/nothing'))
    assert.deepEqual([gone.item.kind, gone.renditions.size], ['page', 0])
    assert.equal((await kindOf(await file(library, 'plain words', 'text/plain'))).item.kind, 'text')
    const film = Buffer.from('\x1aE\xdf\xa3 film', 'latin1')
    assert.equal((await kindOf(await file(library, film))).item.kind, 'embed')
  } finally {
    await closeWeb(server)
  }
})

onEachDatabase('only pages are captured, and not against the wish of the collector', async (database) => {
  await using library = await openLibrary(database, allowed)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const { origin, server } = await webOf()
  const captures = async () =>
    (await ctx.db.selectFrom('job').where('kind', '=', 'capture-page').selectAll().execute()).length
  try {
    for (const path of ['/article', '/nothing'])
      await collectItem(ctx, ada.viewer, { ...said, what: { kind: 'url', url: origin + path } })
    const page: CollectInput = { ...said, what: { kind: 'url', url: `${origin}/page` } }
    await collectItem(ctx, ada.viewer, { ...page, preventCapture: true })
    assert.equal(await captures(), 0)
    await collectItem(ctx, ada.viewer, page)
    assert.equal(await captures(), 1)
  } finally {
    await closeWeb(server)
  }
})

onEachDatabase('what is refused leaves nothing behind', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const shut = await person(library, 'shut', { mayUpload: false })
  const open = await addCollection(ctx, ada.viewer, { title: 'Open' })
  const refuse = async (input: CollectInput, who = ada) =>
    fieldsOf(await refused(collectItem(ctx, who.viewer, input)))
  assert.deepEqual(await refuse({ what: { kind: 'text', text: 'x' } }), ['title', 'source'])
  assert.deepEqual(await refuse(text(' ')), ['text'])
  assert.deepEqual(await refuse(text('x'.repeat(100_001))), ['text'])
  assert.deepEqual(await refuse({ ...said, what: { kind: 'url', url: 'ftp://a.example/' } }), ['url'])
  assert.deepEqual(await refuse(await file(library, '')), ['file'])
  assert.equal(
    await refuse(await file(library, Buffer.from('\x89PNG\r\n\x1a\n then lies', 'latin1'))),
    'bad_media',
  )
  assert.equal(await refuse({ ...text('x'), collectionIds: [open.id] }, bob), 'not_allowed')
  assert.equal(await refuse({ ...text('x'), collectionIds: [999] }), 'not_found')
  assert.equal(await refuse({ ...text('x'), collectionIds: [-ada.account.id] }), 'not_allowed')
  assert.equal(await refuse({ ...text('x'), collectionIds: [open.id], private: true }), 'not_allowed')
  assert.equal(await refuse(await file(library, '%PDF-1.7'), shut), 'not_allowed')
  assert.deepEqual((await ctx.db.selectFrom('item').select('id').execute()).length, 0)
  assert.deepEqual(await storedBlobs(library), [])
  assert.equal(await ctx.blobs.sweepIncoming(0), 0)
})

onEachDatabase('a description brings tags, and use_prev what was said before', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const boats = await addCollection(ctx, ada.viewer, { title: 'Boats' })
  const collect = async (input: CollectInput, who = ada) => {
    const { uid } = await collectItem(ctx, who.viewer, input)
    return findCollected(ctx, who.viewer, uid)
  }
  const first = await collect({ ...text('one'), description: 'By the #sea #boat', collectionIds: [boats.id] })
  assert.deepEqual(first.tags, ['boat', 'sea'])
  const again = await collect({ ...text('two'), title: 'Ignored', description: '#no', usePrevious: true })
  assert.deepEqual(
    [again.item.title, again.item.description, again.tags],
    ['A find', 'By the #sea #boat', ['boat', 'sea']],
  )
  assert.equal((await findCollection(ctx, ada.viewer, boats.id)).items_count, 2)
  const untitled = { what: { kind: 'text' as const, text: 'three' }, source: said.source, usePrevious: true }
  assert.equal((await collect(untitled)).item.title, 'A find')
  assert.deepEqual(fieldsOf(await refused(collectItem(ctx, bob.viewer, untitled))), ['title'])

  await changeCollected(ctx, ada.viewer, first.item.id, { description: 'Now #ashore', private: true })
  const changed = await findCollected(ctx, ada.viewer, first.item.uid)
  assert.deepEqual([changed.tags, changed.item.visibility], [['ashore'], 'private'])
  assert.deepEqual(await refused(findCollected(ctx, bob.viewer, first.item.uid)), {
    kind: 'not_allowed',
    what: 'item',
    action: 'see',
  })
  const odd = await collect({ ...text('four'), source: 'my desk' })
  assert.deepEqual([odd.item.source_url, JSON.parse(odd.item.content).source], [null, 'my desk'])
})

onEachDatabase('lists are narrowed by everything that can be asked for', async (database) => {
  await using library = await openLibrary(database)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const bob = await person(library, 'bob')
  const page = { offset: 0, limit: 10 }
  const add = async (title: string, more: Partial<CollectInput> = {}) => {
    library.clock.advance(1)
    return (await collectItem(ctx, ada.viewer, { ...text(`words of ${title}`), title, ...more })).uid
  }
  await add('Anchor', { description: '#iron #sea' })
  await add('Buoy', { description: '#sea 100%', private: true })
  const pin = await add('Chain', { source: 'https://pinboard.in/u:x', fromBackup: true })
  await add('Tweet', { backupOf: 'twitter_fav', createdAt: new Date('2011-01-01T00:00:00Z') })
  await addNote(library, bob, { title: 'Dock' })
  const titles = async (query: Parameters<typeof listCollected>[2], who = ada) => {
    const { rows, total } = await listCollected(ctx, who.viewer, query, page)
    assert.equal(total, rows.length)
    return rows.map(({ item }) => item.title).join(' ')
  }
  const ownerId = ada.account.id
  assert.equal(await titles({ ownerId }), 'Chain Buoy Anchor Tweet')
  assert.equal(await titles({ ownerId }, bob), 'Chain Anchor Tweet')
  assert.equal(await titles({ ownerId, tags: ['Sea'] }), 'Buoy Anchor')
  assert.equal(await titles({ ownerId, tags: ['sea', 'iron'] }), 'Anchor')
  assert.equal(await titles({ ownerId, private: true }), 'Buoy')
  assert.equal(await titles({ ownerId, private: true }, bob), '')
  assert.equal(await titles({ ownerId, backups: 'none' }), 'Buoy Anchor')
  assert.equal(await titles({ ownerId, backups: ['pinboard'] }), 'Chain Buoy Anchor')
  assert.equal(await titles({ ownerId, kinds: ['page'] }), '')
  assert.equal(await titles({ uids: [pin] }, bob), 'Chain')
  assert.equal(await titles({ collectionId: -ownerId }), 'Chain Anchor Tweet')
  assert.equal(await titles({ ownerId, words: ['WORDS', 'chain'] }), 'Chain')
  assert.equal(await titles({ ownerId, words: ['iro'] }), 'Anchor')
  assert.equal(await titles({ ownerId, words: ['100%'] }), 'Buoy')
  const shelf = await addCollection(ctx, ada.viewer, { title: 'Shelf', private: true })
  assert.equal(
    (await refused(listCollected(ctx, bob.viewer, { collectionId: shelf.id }, page))).kind,
    'not_found',
  )
})
