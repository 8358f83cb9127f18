import assert from 'node:assert/strict'
import { addAlias, addImplication, changeTag } from '../../src/library/tag-relations.ts'
import { autocompleteTags, findTag, listTags, shownTags } from '../../src/library/tag-lists.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { addNote, fieldsOf, openLibrary, person, refused } from './open-library.ts'

const page = { offset: 0, limit: 250 }

onEachDatabase('a tag is found by slug, by encoded name and by id', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  await addNote(library, ada, { tags: ['artist:mina k.', 'semi-grimdark', '100%', 'rose (flower)'] })
  for (const [ref, name] of [
    ['artist-colon-mina+k-dot-', 'artist:mina k.'],
    ['artist-colon-mina k-dot-', 'artist:mina k.'],
    ['artist%3Amina+k.', 'artist:mina k.'],
    ['artist:mina k.', 'artist:mina k.'],
    ['Artist-colon-Mina+K-dot-', 'artist:mina k.'],
    ['semi-grimdark', 'semi-grimdark'],
    ['semi-dash-grimdark', 'semi-grimdark'],
    ['100%25', '100%'],
    ['100%', '100%'],
    ['rose+%28flower%29', 'rose (flower)'],
  ] as const)
    assert.equal((await findTag(ctx, ref)).tag.name, name, ref)
  for (const ref of ['nothing', '', '%', '999999', 'a\0b', 999_999])
    assert.equal((await refused(findTag(ctx, ref))).kind, 'not_found')
})

// "Because a tag may be *named* with digits, clients prefix zeros (`/tags/027724.json`) to force the id."
onEachDatabase('a name of digits comes before an id, and zeros in front make it an id', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  await addNote(library, ada, { tags: ['sea'] })
  const sea = (await findTag(ctx, 'sea')).tag.id
  assert.equal((await findTag(ctx, `${sea}`)).tag.name, 'sea')
  await addNote(library, ada, { tags: [`${sea}`, '007'] })
  assert.equal((await findTag(ctx, `${sea}`)).tag.name, `${sea}`)
  assert.equal((await findTag(ctx, `0${sea}`)).tag.name, 'sea')
  assert.equal((await findTag(ctx, sea)).tag.name, 'sea')
  assert.equal((await findTag(ctx, '007')).tag.name, '007', 'an id nobody has')
})

onEachDatabase('a tag comes with everything about it', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  await addNote(library, ada, { tags: ['series:sea'] })
  await addAlias(ctx, mod.viewer, { name: 'series:ocean', target: 'series:sea' })
  await addImplication(ctx, mod.viewer, { name: 'series:sea', implies: 'water' })
  await addImplication(ctx, mod.viewer, { name: 'series:waves', implies: 'series:sea' })
  const sea = await findTag(ctx, 'series-colon-sea')
  assert.equal(sea.tag.items_count, 1)
  assert.deepEqual(
    [sea.slug, sea.category, sea.namespace, sea.nameInNamespace, sea.aliasOf, sea.aliases],
    ['series-colon-sea', 'content-fanmade', 'series', 'sea', null, ['series:ocean']],
  )
  assert.deepEqual(
    [sea.implies.map(({ name }) => name), sea.impliedBy.map(({ name }) => name)],
    [['water'], ['series:waves']],
  )
  const ocean = await findTag(ctx, 'series:ocean')
  assert.deepEqual(ocean.aliasOf, { id: sea.tag.id, name: 'series:sea' })
  assert.notEqual(ocean.tag.id, 0)

  // An archive may know an alias without a tag.
  const target_id = sea.tag.id
  await ctx.db.insertInto('tag_alias').values({ name: 'deep', target_id, created_ms: 1 }).execute()
  const deep = await findTag(ctx, 'deep')
  assert.deepEqual([deep.tag.id, deep.aliasOf?.name], [0, 'series:sea'])
})

onEachDatabase('tags are listed by use, by pattern, as aliases and as ratings', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  for (const tags of [
    ['sea', 'boat', 'safe'],
    ['sea', 'bo_t'],
    ['sea', 'explicit', 'seal'],
  ])
    await addNote(library, ada, { tags })
  await addAlias(ctx, mod.viewer, { name: 'ship', target: 'boat' })
  const names = async (query: Parameters<typeof listTags>[1], of = page) => {
    const { rows, total } = await listTags(ctx, query, of)
    return [rows.map(({ tag }) => tag.name).join(' '), total]
  }
  assert.deepEqual(await names({}), ['sea bo_t boat explicit safe seal ship', 7])
  assert.deepEqual(await names({}, { offset: 1, limit: 2 }), ['bo_t boat', 7])
  assert.deepEqual(await names({ pattern: 'SEA*' }), ['sea seal', 2])
  assert.deepEqual(await names({ pattern: '*ea' }), ['sea', 1])
  assert.deepEqual(await names({ pattern: 'bo?t' }), ['bo_t boat', 2])
  assert.deepEqual(await names({ pattern: '*_*' }), ['bo_t', 1])
  assert.deepEqual(await names({ pattern: '%' }), ['', 0])
  assert.deepEqual(await names({ pattern: 'Sea' }), ['sea', 1])
  assert.deepEqual(await names({ only: 'aliases' }), ['ship', 1])
  assert.deepEqual(await names({ only: 'ratings' }), ['explicit safe', 2])
  for (const pattern of ['*?'.repeat(6), 'x'.repeat(256)])
    assert.deepEqual(fieldsOf(await refused(listTags(ctx, { pattern }, page))), ['pattern'])
})

// "term ≥ 3 chars", "prefix of name or of name-in-namespace"
onEachDatabase('a tag is offered while it is being typed', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const tags = ['harbour', 'artist:harbin', 'harp', 'time:harvest', 'hardly used', 'charm', 'haven']
  const gone = await addNote(library, ada, { tags: ['haring'] })
  for (const [at, name] of tags.entries())
    for (let times = 0; times <= at; times += 1) await addNote(library, ada, { tags: [name] })
  await addAlias(ctx, mod.viewer, { name: 'hart', target: 'deer' })
  await addNote(library, ada, { tags: ['deer'] })
  await ctx.db.deleteFrom('item_tag').where('item_id', '=', gone).execute()
  await ctx.db.updateTable('tag').set({ items_count: 0 }).where('name', '=', 'haring').execute()

  const offered = async (term: string, limit?: number) =>
    (await autocompleteTags(ctx, term, limit)).map(({ name, items_count }) => `${name} ${items_count}`)
  assert.deepEqual(await offered('Har'), [
    'hardly used 5',
    'harp 3',
    'artist:harbin 2',
    'deer 1',
    'harbour 1',
  ])
  assert.deepEqual(await offered('har', 2), ['hardly used 5', 'harp 3'])
  assert.deepEqual(await offered('artist: har'), ['artist:harbin 2'])
  assert.deepEqual(await offered('har%'), [])
  for (const short of ['', 'ha', ' ha ', '🎨🎨']) assert.deepEqual(await offered(short), [])
})

onEachDatabase('the tags of items are told in display order', async (at) => {
  await using library = await openLibrary(at)
  const { ctx } = library
  const ada = await person(library, 'ada')
  const mod = await person(library, 'mod', { role: 'moderator' })
  const first = await addNote(library, ada, { tags: ['boat', 'artist:mina', 'safe', 'mate'] })
  const second = await addNote(library, ada, { tags: ['sea', 'oc:mina'] })
  const bare = await addNote(library, ada)
  await changeTag(ctx, mod.viewer, (await findTag(ctx, 'mate')).tag.id, { category: 'character' })
  const shown = await shownTags(ctx, [first, second, bare])
  const names = [...shown].map(([id, tags]) => [id, tags.map(({ name }) => name).join(', ')])
  assert.deepEqual(Object.fromEntries(names), {
    [first]: 'safe, artist:mina, mate, boat',
    [second]: 'oc, oc:mina, sea',
  })
})
