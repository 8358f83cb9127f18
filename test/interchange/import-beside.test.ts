import assert from 'node:assert/strict'
import { importFile } from '../../src/interchange/import/file.ts'
import { findAccount } from '../../src/library/accounts.ts'
import { currentFilter } from '../../src/library/filters.ts'
import { tagsOfItems } from '../../src/library/store/tags.ts'
import { searchItems } from '../../src/library/searching.ts'
import type { Viewer } from '../../src/library/viewer.ts'
import { term } from '../../src/search/language/tree.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { assertSound, header, openArchive, type Archive } from './archive.ts'

const people = [
  { type: 'account', login: 'zoe' },
  { type: 'account', login: 'ada' },
  { type: 'account', login: 'crew', kind: 'team' },
]
const note = { type: 'item', owner: 'zoe', kind: 'text' }
const at = '2024-02-03T04:05:06.000Z'

async function taken(archive: Archive, lines: readonly object[], options = {}) {
  const path = await archive.write('a.jsonl', [header, ...lines])
  return importFile(archive.ctx, path, options)
}

// "Tag names are stored as given (`--clean-tags` applies the cleaning of uploads)."
onEachDatabase('only tags that are cleaned follow aliases and implications', async (database) => {
  await using archive = await openArchive(database)
  const { ctx } = archive
  const relations = [
    { type: 'alias', name: 'ship', target: 'boat' },
    { type: 'implication', tag: 'boat', implies: ['water'] },
    { type: 'implication', tag: 'water', implies: ['wet'] },
  ]
  const tags = [' Ship', 'oc:Finn', 'red']
  const first = [...people, ...relations, { ...note, id: 1, tags }]
  assert.deepEqual((await taken(archive, first)).problems, [])
  assert.deepEqual((await taken(archive, [{ ...note, id: 2, tags }], { cleanTags: true })).problems, [])
  const found = await tagsOfItems(ctx.db, [1, 2])
  assert.deepEqual(found.get(1), [' Ship', 'oc:Finn', 'red'])
  assert.deepEqual(found.get(2), ['boat', 'oc', 'oc:finn', 'red', 'water', 'wet'])

  const many = Array.from({ length: 1999 }, (_, number) => `tag ${number}`)
  const refused = await taken(
    archive,
    [
      { ...note, id: 3, tags: [...many, 'ship'] },
      { ...note, id: 4 },
    ],
    { cleanTags: true },
  )
  assert.deepEqual(
    refused.problems.map(({ problem }) => problem),
    ['has tags that bring too many others along'],
  )
  assert.equal((await tagsOfItems(ctx.db, [3, 4])).size, 0)
  await assertSound(archive)
})

onEachDatabase(
  'a number that is taken becomes another, and settings follow their filter',
  async (database) => {
    await using archive = await openArchive(database)
    const { ctx } = archive
    const filter = { type: 'filter', id: 200_000, created_at: at }
    const job = { type: 'vacancy', id: 5, title: 'Sailor', organization_name: 'Fell', location: 'Sea' }
    const offer = { ...job, url: 'https://fell.example/', starts_at: at, ends_at: '2025-01-01T00:00:00Z' }
    const comment = { type: 'comment', id: 9, item: 1, account: 'zoe', at }
    const attachment = { type: 'attachment', id: 4, item: 1, media: 'a.txt', at }
    await archive.put('a.txt', Buffer.from('text'))
    const { problems } = await taken(archive, [
      ...people,
      { ...note, id: 1 },
      { ...filter, owner: 'zoe', name: 'First', hidden_tags: ['boat'] },
      { ...filter, owner: 'ada', name: 'Second', hidden_tags: ['kite', 'boat'] },
      { type: 'settings', account: 'ada', filter: 200_000 },
      { ...offer, account: 'zoe' },
      { ...offer, account: 'ada' },
      { ...comment, body: 'One', likes: [{ account: 'ada', at }] },
      { ...comment, body: 'Two' },
      { ...attachment, file_name: 'a.txt' },
      { ...attachment, file_name: 'b.txt' },
    ])
    assert.deepEqual(problems, [])
    const ada = await findAccount(ctx.db, 'ada')
    const viewer: Viewer = { accountId: ada.id, role: 'member', scopes: null, app: null }
    const chosen = await currentFilter(ctx, viewer)
    assert.deepEqual([chosen.name, chosen.hidden_tags], ['Second', ['kite', 'boat']])
    assert.notEqual(chosen.id, 200_000)
    for (const [table, number] of [
      ['vacancy', 5],
      ['comment', 9],
      ['attachment', 4],
    ] as const) {
      const rows = await ctx.db.selectFrom(table).select('id').execute()
      assert.deepEqual([rows.length, rows.some(({ id }) => id === number)], [2, true], table)
    }
    await archive.runJobs()
    await assertSound(archive)
  },
)

onEachDatabase('a search of a filter that cannot be read hides nothing', async (database) => {
  await using archive = await openArchive(database)
  const { ctx } = archive
  const { problems } = await taken(archive, [
    ...people,
    { ...note, id: 1, tags: ['boat'] },
    {
      type: 'filter',
      id: 200_000,
      owner: 'ada',
      name: 'Mine',
      hidden_complex: 'wide:x',
      hidden_tags: ['kite'],
    },
    { type: 'settings', account: 'ada', filter: 200_000 },
  ])
  assert.deepEqual(problems, [])
  const { id } = await findAccount(ctx.db, 'ada')
  const viewer: Viewer = { accountId: id, role: 'member', scopes: null, app: null }
  const search = {
    query: term({ op: 'tag', name: 'boat', cleaned: 'boat' }),
    order: { by: 'created_at', direction: 'desc', ties: 'desc' },
    fields: new Map([['wide', 'width']] as const),
    filter: await currentFilter(ctx, viewer),
  } as const
  const { rows } = await searchItems(ctx, viewer, search, { offset: 0, limit: 5 })
  assert.deepEqual(
    rows.map(({ item }) => item.id),
    [1],
  )
})

onEachDatabase('bad lines of what stands beside are refused one by one', async (database) => {
  await using archive = await openArchive(database)
  await archive.put('page.html', Buffer.from('<p>'))
  const good = [...people, { ...note, id: 1 }, { type: 'collection', id: 1, owner: 'zoe', title: 'All' }]
  const filter = { type: 'filter', id: 7, owner: 'zoe', name: 'Mine' }
  const settings = { type: 'settings', account: 'zoe' }
  const offer = {
    type: 'vacancy',
    account: 'zoe',
    organization_name: 'Fell',
    title: 'Sailor',
    location: 'Sea',
  }
  const job = { ...offer, url: 'https://fell.example/', starts_at: at, ends_at: at }
  const attachment = { type: 'attachment', item: 1, media: 'page.html', file_name: 'a' }
  const tagChange = { type: 'tag_change', item: 1, tag: 'boat', added: true, at }
  const sourceChange = { type: 'source_change', item: 1, at }
  const invitation = { type: 'invitation', collection: 1, access: 'member', invited_by: 'zoe' }
  const bad: [object, RegExp][] = [
    [{ type: 'account', login: 'bo', time_zone: 'Fell/Sea' }, /time_zone is not a time zone/],
    [
      {
        type: 'account',
        login: 'bo',
        past_time_zones: [{ time_zone: 'UTC', until: '2024-02-31T99:00:00Z' }],
      },
      /until is not a time that exists/,
    ],
    [{ type: 'block', account: 'zoe', target: 'nobody' }, /names the account nobody/],
    [{ type: 'block', account: 'zoe', target: 'zoe' }, /nobody can block themselves/],
    [{ type: 'tag', name: 'boat', category: 'odd' }, /category is not a category/],
    [{ type: 'tag', name: ' ' }, /name can't be blank/],
    [{ ...filter, owner: 'nobody' }, /names the account nobody/],
    [{ ...filter, hidden_complex: '(' }, /hidden_complex cannot be read/],
    [{ ...filter, hidden_tags: [''] }, /hidden_tags can't be blank/],
    [{ ...settings, filter: 99 }, /names the filter 99/],
    [{ ...settings, items_per_page: 3 }, /items_per_page/],
    [{ ...settings, watched_query: ')' }, /watched_query cannot be read/],
    [{ ...job, account: 'nobody' }, /names the account nobody/],
    [{ ...job, team: 'ada' }, /names the team ada/],
    [{ ...job, url: 'javascript:1' }, /url must be an http or https URL/],
    [{ ...attachment, item: 99 }, /names the item 99/],
    [{ ...attachment, media: 'gone' }, /the original gone is not there/],
    [{ ...attachment, media: '../a.jsonl' }, /is not there/],
    [{ ...attachment, sha256: 'a'.repeat(64) }, /has another sha256/],
    [{ type: 'page_copy', item: 1, name: 'page-full', media: 'page.html' }, /cannot be used/],
    [{ type: 'page_copy', item: 1, name: 'other', media: 'page.html' }, /name/],
    [{ ...tagChange, item: 99 }, /names the item 99/],
    [{ ...tagChange, account: 'nobody' }, /names the account nobody/],
    [{ ...sourceChange, to: 'javascript:1' }, /to must be an http or https URL/],
    [{ ...invitation, account: 'zoe' }, /invites the owner/],
    [{ ...invitation, account: 'ada', collection: 9 }, /names the collection 9/],
    [{ ...invitation, account: 'nobody' }, /names the account nobody/],
    [
      { type: 'comment', item: 1, account: 'zoe', body: 'Hm.', likes: [{ account: 'nobody', at }] },
      /names the account nobody/,
    ],
    [{ type: 'collection', id: 2, owner: 'zoe', title: 'Two', thumbnail: 99 }, /names the item 99/],
    [
      { type: 'collection', id: 2, owner: 'zoe', title: 'Two', spoiler_warning: 'x'.repeat(21) },
      /spoiler_warning/,
    ],
  ]
  for (const batchLines of [500, 1]) {
    const lines = [...good, ...bad.map(([line]) => line)]
    const { problems } = await taken(archive, lines, { batchLines })
    const byLine = problems.toSorted((one, other) => one.number - other.number)
    assert.deepEqual(
      byLine.map(({ number }) => number),
      bad.map((_, index) => good.length + 2 + index),
    )
    for (const [index, { problem }] of byLine.entries()) assert.match(problem, bad[index]?.[1] ?? /^$/)
  }
  await assertSound(archive)
})
