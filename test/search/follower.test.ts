import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pino } from 'pino'
import { openDatabase, type Database } from '../../src/database/open.ts'
import { recordChange } from '../../src/library/store/changes.ts'
import type { Query } from '../../src/search/language/tree.ts'
import { EVERYTHING, term } from '../../src/search/language/tree.ts'
import { openSearch, type Search, type SearchMode } from '../../src/search/search.ts'
import { workingClock } from '../helpers/clock.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { chanceOf } from '../helpers/random.ts'
import { addItems, fillLibrary, rewriteItem } from './generated.ts'

interface Heard {
  level: number
  msg: string
}

function open(database: Database, folder: string, mode: SearchMode = 'catalogue', patience = 100) {
  const heard: Heard[] = []
  const log = pino({ level: 'info' }, { write: (line) => void heard.push(JSON.parse(line) as Heard) })
  const clock = workingClock('2026-03-04T05:06:07Z')
  const search = openSearch({ database, clock: clock.now, log, folder, mode, patience })
  return { search, clock, heard: () => heard.splice(0).map(({ msg }) => msg) }
}

async function idsOf(search: Search, query: Query = EVERYTHING): Promise<number[]> {
  const seer = { accountId: null, role: 'admin' } as const
  const order = { by: 'id', direction: 'asc', ties: 'asc' } as const
  const { ids } = await search.find({ query, seer, order, offset: 0, limit: 1000 })
  return ids
}

const tagged = (name: string) => term({ op: 'tag', name, cleaned: name })

onEachDatabase('a search sees what another process committed just before', async (at) => {
  const [mine, other] = [await at.open(), await at.open()]
  await fillLibrary(mine.db, chanceOf(3), 8)
  const { search, heard } = open(mine, '')
  const { search: sql } = open(mine, '', 'sql')
  assert.deepEqual(await idsOf(search), await idsOf(sql))
  for (let turn = 1; turn <= 5; turn += 1) {
    await rewriteItem(other.db, chanceOf(turn), turn)
    await addItems(other.db, chanceOf(turn), 1)
    for (const query of [EVERYTHING, tagged('sea'), term({ op: 'id', field: 'faved_by_id', value: 2 })])
      assert.deepEqual(await idsOf(search, query), await idsOf(sql, query))
  }
  // It was never built again.
  assert.deepEqual(heard(), ['the catalogue was built'])
  await search.close()
})

onEachDatabase('changed tags, collections and merged items are read again', async (at) => {
  const database = await at.open()
  const { db } = database
  await fillLibrary(db, chanceOf(5), 40)
  const { search } = open(database, '')
  const { search: sql } = open(database, '', 'sql')
  const now = new Date(0)
  const agree = async (query: Query) => {
    const found = await idsOf(search, query)
    assert.deepEqual(found, await idsOf(sql, query))
    return found
  }
  const origins = term({ op: 'compare', field: 'origin_tag_count', is: '>', value: 0 })
  const before = await agree(origins)
  await db.updateTable('tag').set({ category: 'origin' }).where('name', '=', 'sea').execute()
  await recordChange(db, now, { noun: 'tag', id: 1, op: 'change' })
  assert.ok((await agree(origins)).length > before.length)

  await db.insertInto('tag_alias').values({ name: 'harbour', target_id: 1, created_ms: 0 }).execute()
  await recordChange(db, now, { noun: 'tag', id: 1, op: 'change' })
  assert.deepEqual(await agree(tagged('harbour')), await agree(tagged('ocean')))

  const held = term({ op: 'collection', id: 2 })
  assert.notEqual((await agree(held)).length, 0)
  await db.deleteFrom('collection').where('id', '=', 2).execute()
  await recordChange(db, now, { noun: 'collection', id: 2, op: 'delete' })
  assert.deepEqual(await agree(held), [])

  const duplicates = term({ op: 'id', field: 'duplicate_of_id', value: 1 })
  assert.notEqual((await agree(duplicates)).length, 0)
  await db.deleteFrom('item').where('id', '=', 1).execute()
  await recordChange(db, now, { noun: 'item', id: 1, op: 'delete' })
  assert.deepEqual(await agree(duplicates), [])
  await search.close()
})

onEachDatabase('places in a collection that moved are the new order', async (at) => {
  const database = await at.open()
  const { db } = database
  await fillLibrary(db, chanceOf(5), 30)
  const { search } = open(database, '')
  const { search: sql } = open(database, '', 'sql')
  const listing = {
    query: term({ op: 'collection', id: 3 }),
    seer: { accountId: null, role: 'admin' },
    order: { by: { collection: 3 }, direction: 'asc', ties: 'desc' },
    offset: 0,
    limit: 50,
  } as const
  const before = await search.find(listing)
  await db
    .updateTable('collection_item')
    .set((eb) => ({ position: eb(eb.val(100), '-', eb.ref('position')) }))
    .where('collection_id', '=', 3)
    .execute()
  await recordChange(db, new Date(0), { noun: 'collection', id: 3, op: 'change' })
  const after = await search.find(listing)
  assert.deepEqual(after, await sql.find(listing))
  assert.notDeepEqual(after, before)
  await search.close()
})

test('no snapshot is kept unless asked for', async () => {
  await using folder = await temporaryFolder()
  const database = await openDatabase({ file: ':memory:' })
  await fillLibrary(database.db, chanceOf(3), 5)
  const { search } = open(database, folder.path)
  assert.equal((await idsOf(search)).length > 0, true)
  await search.close()
  assert.deepEqual(await readdir(folder.path), [])
  await database.close()
})

test('a snapshot is read again, and what came after it is caught up with', async () => {
  await using folder = await temporaryFolder()
  const database = await openDatabase({ file: join(folder.path, 'vitrine.sqlite') })
  const { db } = database
  await fillLibrary(db, chanceOf(3), 30)
  const first = open(database, folder.path)
  await first.search.start()
  assert.deepEqual(first.heard(), ['the catalogue was built', 'the catalogue was written to its snapshot'])
  await rewriteItem(db, chanceOf(8), 2)
  await idsOf(first.search)
  await first.search.close()
  assert.deepEqual(first.heard(), ['the catalogue was written to its snapshot'])

  await rewriteItem(db, chanceOf(9), 3)
  await addItems(db, chanceOf(9), 3)
  const again = open(database, folder.path)
  const { search: sql } = open(database, folder.path, 'sql')
  await again.search.start()
  assert.deepEqual(again.heard(), ['the catalogue was read from its snapshot'])
  for (const query of [
    EVERYTHING,
    tagged('sea'),
    term({ op: 'compare', field: 'oc_tag_count', is: '>', value: 0 }),
  ])
    assert.deepEqual(await idsOf(again.search, query), await idsOf(sql, query))
  await again.search.close()
  await database.close()
})

test('a snapshot that is damaged, or of another library, is not used', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'catalogue.snapshot')
  const [one, other] = [await openDatabase({ file: ':memory:' }), await openDatabase({ file: ':memory:' })]
  await fillLibrary(one.db, chanceOf(3), 20)
  await fillLibrary(other.db, chanceOf(4), 20)
  await recordChange(other.db, new Date(1), { noun: 'item', id: 20, op: 'change' })
  await recordChange(one.db, new Date(2), { noun: 'item', id: 20, op: 'change' })
  const built = ['no snapshot of the catalogue can be used', 'the catalogue was built']
  const written = 'the catalogue was written to its snapshot'

  const first = open(one, folder.path)
  await first.search.start()
  await first.search.close()
  const second = open(other, folder.path)
  await second.search.start()
  await second.search.close()
  assert.deepEqual(second.heard(), [...built, written])

  const bytes = await readFile(file)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  await writeFile(file, bytes)
  const third = open(other, folder.path)
  await third.search.start()
  assert.deepEqual(third.heard(), [...built, written])
  await third.search.close()
  for (const database of [one, other]) await database.close()
})

test('the database answers while the catalogue cannot', async () => {
  const database = await openDatabase({ file: ':memory:' })
  const { db } = database
  await fillLibrary(db, chanceOf(3), 10)
  const { search, clock, heard } = open(database, '')
  const { search: sql } = open(database, '', 'sql')
  await db.schema.alterTable('tag_alias').renameTo('tag_alias_away').execute()
  assert.deepEqual(await idsOf(search), await idsOf(sql))
  assert.deepEqual(heard(), ['the catalogue failed; the database answers searches for a while'])
  await db.schema.alterTable('tag_alias_away').renameTo('tag_alias').execute()
  assert.deepEqual(await idsOf(search), await idsOf(sql))
  assert.deepEqual(heard(), [])
  clock.advance(61)
  assert.deepEqual(await idsOf(search, tagged('ocean')), await idsOf(sql, tagged('ocean')))
  assert.deepEqual(heard(), ['the catalogue was built'])
  await search.close()
  await database.close()
})

test('a search does not wait for a large library to be read', async () => {
  await using folder = await temporaryFolder()
  const database = await openDatabase({ file: ':memory:' })
  await fillLibrary(database.db, chanceOf(3), 30)
  const { search, heard } = open(database, folder.path, 'catalogue', 3)
  const { search: sql } = open(database, '', 'sql')
  const wanted = await idsOf(sql)
  assert.deepEqual(await idsOf(search), wanted)
  assert.deepEqual(heard(), [])
  await search.start()
  assert.deepEqual(heard().slice(0, 1), ['the catalogue was built'])

  await addItems(database.db, chanceOf(4), 8)
  assert.deepEqual(await idsOf(search), await idsOf(sql))
  await search.close()
  await database.close()
})
