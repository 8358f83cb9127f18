import assert from 'node:assert/strict'
import { importFile } from '../../src/interchange/import/file.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { assertSound, header, openArchive } from './archive.ts'

// "A bad line is reported with its number and reason and leaves nothing behind; the rest goes on"
onEachDatabase('bad lines are refused one by one', async (database) => {
  await using archive = await openArchive(database)
  const item = { type: 'item', id: 1, kind: 'text', owner: 'ada' }
  const bad: [object | string, RegExp][] = [
    ['{"type":"item"', /is not JSON/],
    ['[1]', /is not an object/],
    [{ type: 'sculpture' }, /no type that is known/],
    [{ type: 'item', kind: 'text', owner: 'ada' }, /id/],
    [{ ...item, id: 0 }, /id must be >= 1/],
    [{ ...item, id: 1e15 }, /id/],
    [{ ...item, id: 2, kind: 'statue' }, /kind/],
    [{ ...item, id: 2, owner: 'nobody' }, /names the account nobody/],
    [{ ...item, id: 2, team: 'ada' }, /names the team ada/],
    [{ ...item, id: 2, rebound_of: 3 }, /names the item 3/],
    [{ ...item, id: 2, visibility: 'merged' }, /merged_into is missing/],
    [{ ...item, id: 2, created_at: '2021-02-30 00:00' }, /created_at/],
    [{ ...item, id: 2, created_at: '2021-13-30T00:00:00Z' }, /created_at is not a time that exists/],
    [{ ...item, id: 2, source_url: 'javascript:alert(1)' }, /source_url/],
    [{ ...item, id: 2, title: 'a\0b' }, /title contains/],
    [{ ...item, id: 2, tags: ['\ud800'] }, /tags contains/],
    [{ ...item, id: 2, title: 'x'.repeat(1001) }, /title is too long/],
    [
      { ...item, id: 2, published_at: '2021-01-01T00:00:00Z', scheduled_for: '2031-01-01T00:00:00Z' },
      /scheduled_for/,
    ],
    [{ ...item, id: 2, media: '../../etc/passwd' }, /is not there/],
    [{ ...item, id: 1, owner: 'bob' }, /item 1 is here already with other bytes/],
    [{ type: 'account', login: 'a b' }, /login/],
    [{ type: 'account', login: 'Ada', kind: 'team' }, /ada|Ada/],
    [{ type: 'account', login: 'club', kind: 'team', members: ['nobody'] }, /names the account nobody/],
    [{ type: 'reaction', item: 1, account: 'ada', sort: 'downvote' }, /voted the other way/],
    [{ type: 'reaction', item: 9, account: 'ada', sort: 'fave' }, /names the item 9/],
    [{ type: 'comment', item: 1, account: 'ada', body: ' ' }, /body can't be blank/],
    [{ type: 'alias', name: 'ship', target: 'liner' }, /stands for boat already/],
    [{ type: 'implication', tag: 'a', implies: ['a'] }, /cannot imply itself/],
    [{ type: 'collection', id: 2, owner: 'ada', title: 'Twin', slug: 'one' }, /slug one is taken/],
    [{ type: 'collection', id: 1, owner: 'bob', title: 'One' }, /collection 1 is here already/],
    [{ type: 'collection_item', collection: 1, item: 9 }, /names the item 9/],
    [{ type: 'follow', account: 'ada', target: 'ada' }, /follow themselves/],
    [{ type: 'watch', account: 'ada', target: 9 }, /names the collection 9/],
    [header, /is for the first line/],
  ]
  const good = [
    header,
    { type: 'account', login: 'ada' },
    { type: 'account', login: 'bob' },
    { type: 'alias', name: 'ship', target: 'boat' },
    { ...item, created_at: '2021-01-01T00:00:00Z' },
    { type: 'reaction', item: 1, account: 'ada', sort: 'upvote' },
    { type: 'collection', id: 1, owner: 'ada', title: 'One', kind: 'project' },
  ]
  const foreign = { type: 'item', id: 4, kind: 'text', owner: 'bob' }
  const last = [foreign, { type: 'collection_item', collection: 1, item: 1 }]
  const file = [
    ...good,
    '',
    ...bad.map(([line]) => line),
    ...last,
    { type: 'collection_item', collection: 1, item: 4 },
  ]
  for (const batchLines of [500, 3]) {
    const { problems } = await importFile(archive.ctx, await archive.write('a.jsonl', file), { batchLines })
    assert.deepEqual(
      problems.map(({ number }) => number).toSorted((a, b) => a - b),
      [...bad.map((_, at) => good.length + 2 + at), file.length],
    )
    for (const { number, problem } of problems) {
      const expected = bad[number - good.length - 2]?.[1] ?? /is not one of the owner/
      assert.match(problem, expected, `line ${number}`)
    }
  }
  const { db } = archive.ctx
  const count = async (
    table: 'item' | 'account' | 'tag' | 'reaction' | 'comment' | 'collection' | 'collection_item',
  ) =>
    (
      await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n
  const counts = [await count('item'), await count('account'), await count('tag'), await count('reaction')]
  // The tags: the one that is named, and the alias that stands for it.
  assert.deepEqual(counts, [2, 2, 2, 1])
  assert.deepEqual(
    [await count('comment'), await count('collection'), await count('collection_item')],
    [0, 1, 1],
  )
  await assertSound(archive)
})

onEachDatabase('what only the database refuses fails by itself too', async (database) => {
  await using archive = await openArchive(database)
  const { db } = archive.ctx
  await db.schema.createIndex('one_title').unique().on('item').column('title').execute()
  const item = (id: number, title: string) => ({ type: 'item', id, kind: 'text', owner: 'ada', title })
  const file = [
    header,
    { type: 'account', login: 'ada' },
    item(1, 'a'),
    item(2, 'b'),
    item(3, 'a'),
    item(4, 'c'),
  ]
  const { problems, added } = await importFile(archive.ctx, await archive.write('a.jsonl', file))
  assert.deepEqual(problems, [{ number: 5, problem: 'the database does not take it' }])
  assert.equal(added.item, 3)
  await assertSound(archive)
})

onEachDatabase('a file that is not of this format brings nothing in', async (database) => {
  await using archive = await openArchive(database)
  const account = { type: 'account', login: 'ada' }
  for (const [lot, pattern] of [
    [[account], /not the line of type library/],
    [[{ ...header, format: 2 }, account], /format 2 is not known/],
    [['<html>', account], /is not JSON/],
    [[''], /is missing/],
  ] as const) {
    const { problems, refused } = await importFile(archive.ctx, await archive.write('a.jsonl', lot))
    assert.equal(refused, 1)
    assert.match(problems[0]?.problem ?? '', pattern)
  }
  assert.deepEqual(await archive.ctx.db.selectFrom('account').selectAll().execute(), [])
})
