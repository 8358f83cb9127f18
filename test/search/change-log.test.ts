import assert from 'node:assert/strict'
import type { Database, Db } from '../../src/database/open.ts'
import { recordChange } from '../../src/library/store/changes.ts'
import { endOfLog, type LogPlace, readLog, settledEnd } from '../../src/search/change-log.ts'
import { onEachDatabase } from '../helpers/databases.ts'

const AT = new Date(0)

async function next(database: Database, place: LogPlace) {
  const { entries, ...rest } = await readLog(database.db, place, await database.version())
  return { ids: entries.map(({ noun_id }) => noun_id), ...rest }
}

const log = (db: Db, id: number) => recordChange(db, AT, { noun: 'item', id, op: 'change' })

onEachDatabase('entries are read once, by whoever wrote them', async ({ open }) => {
  const [mine, other] = [await open(), await open()]
  await log(mine.db, 1)
  const start = await endOfLog(mine.db)
  await log(mine.db, 2)
  await log(other.db, 3)
  const first = await next(mine, start)
  assert.deepEqual(first.ids, [2, 3])
  assert.deepEqual((await next(mine, first.place)).ids, [])
})

onEachDatabase('an entry that commits after a later one is not missed', async ({ engine, open }) => {
  if (engine === 'sqlite') return // one writer follows another
  const [mine, slow] = [await open(), await open()]
  const start = await endOfLog(mine.db)
  const transaction = await slow.db.startTransaction().execute()
  try {
    await log(transaction, 1)
    await log(mine.db, 2)
    // A number that is never used: the transaction that took it failed.
    await assert.rejects(
      mine.db.transaction().execute(async (db) => {
        await log(db, 9)
        throw new Error('no')
      }),
    )
    await log(mine.db, 3)

    const early = await next(mine, start)
    assert.deepEqual(early.ids, [2, 3])
    assert.equal(settledEnd(early.place), 0)
    // Somebody who begins to follow now must look back for it too.
    const joined = await endOfLog(mine.db)
    const waiting = await next(mine, early.place)
    assert.deepEqual(waiting.ids, [])

    await transaction.commit().execute()
    const late = await next(mine, waiting.place)
    assert.deepEqual(late.ids, [1])
    assert.deepEqual((await next(mine, joined)).ids, [1])
    // Once every transaction of that time has ended, nobody looks for the number that was never used.
    const settled = await readLog(mine.db, late.place, '9000000000:9000000000:')
    assert.deepEqual([settled.entries, settled.place.gaps], [[], []])
  } finally {
    // A pool with a transaction under way would not close.
    if (!transaction.isCommitted) await transaction.rollback().execute()
  }
})
