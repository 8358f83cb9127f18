import assert from 'node:assert/strict'
import type { Db } from '../../src/database/open.ts'
import { QueryError } from '../../src/search/language/errors.ts'
import { nameTerms } from '../../src/search/named-terms.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { openBench } from '../library/gathering.ts'
import { read } from './language/reading.ts'

/** The ids that a search has come to mean, in order. */
async function idsIn(db: Db, text: string, accountId: number | null = null): Promise<number[]> {
  const query = await nameTerms(db, read(text), { accountId, mostValues: 3 })
  return [...JSON.stringify(query).matchAll(/"value":(\d+)/g)].map(([, id]) => Number(id))
}

onEachDatabase('names of accounts become their ids', async (database) => {
  const { ctx, person } = await openBench(database)
  const ada = await person('Ada', { name: 'Élise' })
  const bert = await person('bert', { name: 'Ada' })
  const élise = await person('elise', { name: 'ÉLISE' })
  const { db } = ctx
  // A login is one account's alone, so nobody can take another's place by what they call themselves.
  assert.deepEqual(await idsIn(db, 'uploader:ADA'), [ada.accountId])
  assert.deepEqual(await idsIn(db, 'faved_by:élise'), [ada.accountId, élise.accountId])
  assert.deepEqual(await idsIn(db, 'uploader:*d*'), [ada.accountId, bert.accountId])
  assert.deepEqual(await idsIn(db, 'uploader:brt~1'), [bert.accountId])
  assert.deepEqual(await idsIn(db, 'uploader:nobody'), [])
  await person('adam')
  await person('adele')
  await assert.rejects(idsIn(db, 'uploader:*d*'), QueryError)
})

onEachDatabase('hashes become the items that have them, found by their beginning', async (database) => {
  const { ctx, person, item } = await openBench(database)
  const ada = await person('ada')
  const blob = {
    sha256: 'f'.repeat(64),
    sha512: `abcd1${'0'.repeat(123)}`,
    md5: '',
    size_bytes: 1,
    created_ms: 0,
  }
  await ctx.db.insertInto('blob').values(blob).execute()
  const kept = await item(ada, { blob_sha256: blob.sha256 })
  const stated = await item(ada, { sha512: 'abcd2', orig_sha512: '9999' })
  const { db } = ctx
  assert.deepEqual(await idsIn(db, `sha512:${blob.sha512.toUpperCase()}`), [kept])
  assert.deepEqual(await idsIn(db, 'sha512:abcd*'), [kept, stated])
  assert.deepEqual(await idsIn(db, 'sha512:abcd?'), [stated])
  assert.deepEqual(await idsIn(db, 'original_sha512:9999'), [stated])
  assert.deepEqual(await idsIn(db, 'original_sha512:abcd*'), [kept])
  for (const text of ['sha512:*abcd', 'sha512:abc*', 'sha512:abcd2~1'])
    await assert.rejects(idsIn(db, text), /first 4 digits/)
})

onEachDatabase('the sets of the person searching become theirs', async (database) => {
  const { ctx } = await openBench(database)
  const query = await nameTerms(ctx.db, read('my:faves, -my:uploads'), { accountId: 7, mostValues: 3 })
  assert.deepEqual(query, {
    op: 'and',
    of: [
      { op: 'id', field: 'faved_by_id', value: 7 },
      { op: 'not', of: { op: 'id', field: 'true_owner_id', value: 7 } },
    ],
  })
  const nobody = await nameTerms(ctx.db, read('my:faves'), { accountId: null, mostValues: 3 })
  assert.equal(nobody.op, 'nothing')
})
