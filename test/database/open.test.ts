import assert from 'node:assert/strict'
import { open as openFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql, type Kysely } from 'kysely'
import { DatabaseUnusable, openDatabase } from '../../src/database/open.ts'
import type { Schema } from '../../src/database/schema.ts'
import { onEachDatabase } from '../helpers/databases.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { emptyPostgres, postgresProblem } from '../helpers/postgres.ts'

const addTag = (db: Kysely<Schema>, name: string) =>
  db.insertInto('tag').values({ name, created_ms: 1 }).execute()

const addAccount = (db: Kysely<Schema>, login: string) =>
  db
    .insertInto('account')
    .values({ login, login_key: login, name: login, kind: 'person', created_ms: 1, updated_ms: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()

async function columnsOf(db: Kysely<Schema>): Promise<string[]> {
  const tables = await db.introspection.getTables()
  return tables
    .flatMap(({ name, columns }) =>
      columns.map((column) => {
        // SQLite says nothing of its row numbers, which are never null.
        const nullable = column.isNullable && !column.isAutoIncrementing
        return `${name}.${column.name} ${nullable ? 'null' : 'not null'}`
      }),
    )
    .toSorted()
}

test('the migrations make the same tables and columns in both databases', async (t) => {
  const problem = await postgresProblem()
  if (problem !== null) {
    t.skip(problem)
    return
  }
  await using folder = await temporaryFolder()
  const fresh = await emptyPostgres()
  const sqlite = await openDatabase({ file: join(folder.path, 'vitrine.sqlite') })
  const postgres = await openDatabase({ url: fresh.url })
  try {
    const columns = await columnsOf(sqlite.db)
    assert.ok(columns.length > 200)
    assert.deepEqual(columns, await columnsOf(postgres.db))
  } finally {
    await sqlite.close()
    await postgres.close()
    await fresh.drop()
  }
})

onEachDatabase('a library is opened again as it was left', async ({ open }) => {
  const first = await open()
  await addTag(first.db, 'kept')
  await first.close()
  const again = await open()
  const tags = await again.db.selectFrom('tag').select('name').execute()
  assert.deepEqual(
    tags.map((tag) => tag.name),
    ['kept'],
  )
  assert.equal(await again.integrity(), 'ok')
})

onEachDatabase('foreign keys are enforced, and what is owned goes with its owner', async ({ open }) => {
  const { db } = await open()
  const follow = { follower_id: 4711, followee_id: 4712, created_ms: 1 }
  await assert.rejects(db.insertInto('follow').values(follow).execute(), /foreign key/i)

  const [ada, ben] = [await addAccount(db, 'ada'), await addAccount(db, 'ben')]
  await db.insertInto('follow').values({ follower_id: ada.id, followee_id: ben.id, created_ms: 1 }).execute()
  await db.deleteFrom('account').where('id', '=', ada.id).execute()
  assert.deepEqual(await db.selectFrom('follow').selectAll().execute(), [])
})

onEachDatabase(
  'the version changes with every commit of any connection, and with nothing else',
  async ({ open }) => {
    const [mine, other] = [await open(), await open()]
    const start = await mine.version()
    await mine.db.selectFrom('tag').selectAll().execute()
    await other.db.selectFrom('tag').selectAll().execute()
    await mine.db.updateTable('tag').set({ items_count: 1 }).where('name', '=', 'none such').execute()
    assert.equal(await mine.version(), start)

    await addTag(mine.db, 'own')
    const afterOwn = await mine.version()
    assert.notEqual(afterOwn, start)
    await addTag(other.db, 'foreign')
    const afterForeign = await mine.version()
    assert.notEqual(afterForeign, afterOwn)
    await mine.db.deleteFrom('tag').execute()
    assert.notEqual(await mine.version(), afterForeign)
  },
)

onEachDatabase('text sorts by its bytes, whatever the locale of the database', async ({ open }) => {
  const { db } = await open()
  for (const name of ['zebra', 'Ärger', 'apple', 'Zebra', 'a-b', 'ab', '_x']) await addTag(db, name)
  const rows = await db.selectFrom('tag').select('name').orderBy('name').execute()
  assert.deepEqual(
    rows.map((row) => row.name),
    ['Zebra', '_x', 'a-b', 'ab', 'apple', 'zebra', 'Ärger'],
  )
})

onEachDatabase(
  'a transaction that fails leaves nothing, and the first error comes through',
  async ({ open }) => {
    const { db } = await open()
    const failing = db.transaction().execute(async (inner) => {
      await addTag(inner, 'half')
      throw new Error('changed its mind')
    })
    await assert.rejects(failing, /changed its mind/)
    assert.deepEqual(await db.selectFrom('tag').selectAll().execute(), [])
  },
)

onEachDatabase('numbers come back as numbers, sums and counts too', async ({ open }) => {
  const { db } = await open()
  await db
    .insertInto('tag')
    .values({ name: 'large', created_ms: 2 ** 53 - 1, items_count: 7 })
    .execute()
  const row = await db
    .selectFrom('tag')
    .select((eb) => [
      eb.fn.sum('items_count').as('sum'),
      eb.fn.countAll().as('count'),
      eb.fn.max('created_ms').as('max'),
    ])
    .executeTakeFirstOrThrow()
  assert.deepEqual({ ...row }, { sum: 7, count: 1, max: 2 ** 53 - 1 })
})

onEachDatabase('a library written by a newer version is refused', async ({ open }) => {
  const database = await open()
  await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2099-01-01T00:00:00.000Z')`.execute(
    database.db,
  )
  await database.close()
  await assert.rejects(open(), (error) => {
    assert.ok(error instanceof DatabaseUnusable)
    assert.match(error.message, /newer version of Vitrine/)
    return true
  })
})

test('a PostgreSQL that cannot be reached is one sentence, without the address', async () => {
  const opening = openDatabase({ url: 'postgres://someone:hidden@127.0.0.1:1/none' })
  await assert.rejects(opening, (error) => {
    assert.ok(error instanceof DatabaseUnusable)
    assert.equal(error.message, 'The PostgreSQL database of DATABASE_URL cannot be reached.')
    return true
  })
})

test('a damaged file, or one that is no database, is refused and left alone', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'vitrine.sqlite')
  await writeFile(file, 'This is no database, however long it is. '.repeat(100))
  await assert.rejects(openDatabase({ file }), isDamaged)

  const whole = join(folder.path, 'whole.sqlite')
  const database = await openDatabase({ file: whole })
  for (let i = 0; i < 500; i++) await addTag(database.db, `tag ${i} ${'x'.repeat(50)}`)
  await database.close()
  const opened = await openFile(whole, 'r+')
  const { size } = await opened.stat()
  await opened.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192)
  await opened.close()
  await assert.rejects(openDatabase({ file: whole }), isDamaged)
})

test('a folder that is not there is not called damage', async () => {
  await using folder = await temporaryFolder()
  const missing = openDatabase({ file: join(folder.path, 'absent', 'vitrine.sqlite') })
  await assert.rejects(missing, /check that its folder exists/)
  await mkdir(join(folder.path, 'folder.sqlite'))
  await assert.rejects(openDatabase({ file: join(folder.path, 'folder.sqlite') }), /cannot be opened/)
})

function isDamaged(error: unknown): boolean {
  assert.ok(error instanceof DatabaseUnusable)
  assert.match(error.message, /damaged .* backup/)
  return true
}
