import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { openDatabase } from '../../src/database/open.ts'
import { freshPostgres, postgresProblem } from '../helpers/postgres.ts'

const killOthers = sql`
  select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`

// F-PG: the server goes away and comes back; the process must live, and work again.
test('broken connections fail what uses them and nothing else', async (t) => {
  const problem = await postgresProblem()
  if (problem !== null) {
    t.skip(problem)
    return
  }
  const { url, drop } = await freshPostgres()
  const [mine, other] = [await openDatabase({ url }), await openDatabase({ url })]
  try {
    const interrupted = mine.db.transaction().execute(async (db) => {
      await db.insertInto('tag').values({ name: 'lost', created_ms: 1 }).execute()
      await killOthers.execute(other.db)
      // Until the loss has been noticed, while the connection is in use but idle.
      for (let i = 0; i < 100; i++) await sql`select pg_sleep(0.01)`.execute(other.db)
      await db.selectFrom('tag').selectAll().execute()
    })
    await assert.rejects(interrupted)
    assert.deepEqual(await mine.db.selectFrom('tag').selectAll().execute(), [])

    await killOthers.execute(other.db)
    for (let i = 0; i < 10; i++) await sql`select pg_sleep(0.01)`.execute(other.db)
    assert.deepEqual(await mine.db.selectFrom('tag').selectAll().execute(), [])
  } finally {
    await mine.close()
    await other.close()
    await drop()
  }
})
