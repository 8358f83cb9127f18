import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { CompiledQuery, Kysely, Migrator, sql } from 'kysely'
import { openDatabase, type Database } from '../../src/database/open.ts'
import { openSqlite } from '../../src/database/sqlite.ts'
import { temporaryFolder } from '../helpers/folders.ts'

async function withLibrary(body: (database: Database, file: string) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'vitrine.sqlite')
  const database = await openDatabase({ file })
  try {
    await body(database, file)
  } finally {
    await database.close()
  }
}

// Reliability fact 1.2: the driver's WAL default is NORMAL, which loses acknowledged commits at a power cut.
test('the file is in WAL mode with synchronous=FULL and foreign keys on', async () => {
  await withLibrary(async ({ db }) => {
    const pragma = async (name: string) => {
      const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)
      return Object.values(rows[0] ?? {})[0]
    }
    assert.equal(await pragma('synchronous'), 2)
    assert.equal(await pragma('journal_mode'), 'wal')
    assert.equal(await pragma('foreign_keys'), 1)
    assert.equal(await pragma('busy_timeout'), 10_000)
  })
})

test('two readers of the same statement do not disturb each other', async () => {
  await using folder = await temporaryFolder()
  const store = openSqlite(join(folder.path, 'a.sqlite'))
  const driver = store.dialect.createDriver()
  await driver.init()
  const connection = await driver.acquireConnection()
  try {
    await connection.executeQuery(CompiledQuery.raw('create table n (a integer)'))
    await connection.executeQuery(CompiledQuery.raw('insert into n values (1), (2), (3)'))
    const everyRow = new Kysely<{ n: { a: number } }>({ dialect: store.dialect })
      .selectFrom('n')
      .select('a')
      .compile()
    const pairs: string[] = []
    for await (const outer of connection.streamQuery<{ a: number }>(everyRow, 1)) {
      const { rows: all } = await connection.executeQuery(everyRow)
      for await (const inner of connection.streamQuery<{ a: number }>(everyRow, 1))
        pairs.push(`${outer.rows[0]?.a}${inner.rows[0]?.a}/${all.length}`)
    }
    assert.deepEqual(
      pairs,
      [11, 12, 13, 21, 22, 23, 31, 32, 33].map((pair) => `${pair}/3`),
    )
  } finally {
    store.close()
  }
})

test('a reader that stops half-way does not hold the log back', async () => {
  await withLibrary(async ({ db }) => {
    for (const name of ['a', 'b', 'c']) await db.insertInto('tag').values({ name, created_ms: 1 }).execute()
    for await (const row of db.selectFrom('tag').select('name').stream()) if (row.name !== '') break
    await db.insertInto('tag').values({ name: 'd', created_ms: 1 }).execute()
    const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db)
    assert.equal(rows[0]?.busy, 0)
  })
})

test('a statement cached by its text answers with what is there now', async () => {
  await withLibrary(async ({ db }) => {
    // More statements than are kept, so that some are made twice.
    for (let i = 0; i < 600; i++) await sql`select ${sql.raw(String(i))} as n`.execute(db)
    const { rows } = await sql<{ n: number }>`select ${sql.raw('0')} as n`.execute(db)
    assert.deepEqual({ ...rows[0] }, { n: 0 })

    await sql`create table late (a integer)`.execute(db)
    const all = () => sql<object>`select * from late`.execute(db)
    await sql`insert into late values (1)`.execute(db)
    assert.deepEqual({ ...(await all()).rows[0] }, { a: 1 })
    await sql`alter table late add column b integer default 2`.execute(db)
    assert.deepEqual({ ...(await all()).rows[0] }, { a: 1, b: 2 })
  })
})

// Without the write lock at the beginning the second write fails at once: SQLITE_BUSY_SNAPSHOT does not wait.
test('a transaction that reads first can still write after another process has written', async () => {
  await withLibrary(async (database, file) => {
    const other = await openDatabase({ file })
    try {
      await database.db.transaction().execute(async (db) => {
        const before = await db.selectFrom('tag').select('name').execute()
        assert.deepEqual(before, [])
        const { rows } = await sql<object>`pragma busy_timeout = 50`.execute(other.db)
        assert.equal(rows.length, 1)
        const intruder = other.db.insertInto('tag').values({ name: 'intruder', created_ms: 1 }).execute()
        await assert.rejects(intruder, /locked/)
        await db.insertInto('tag').values({ name: 'mine', created_ms: 1 }).execute()
      })
      assert.equal((await other.db.selectFrom('tag').selectAll().execute()).length, 1)
    } finally {
      await other.close()
    }
  })
})

test('a read-only transaction takes no write lock', async () => {
  await withLibrary(async (database, file) => {
    const other = await openDatabase({ file })
    try {
      const reading = database.db.transaction().setAccessMode('read only')
      await reading.execute(async (db) => {
        await db.selectFrom('tag').selectAll().execute()
        await other.db.insertInto('tag').values({ name: 'meanwhile', created_ms: 1 }).execute()
        assert.deepEqual(await db.selectFrom('tag').selectAll().execute(), [])
      })
    } finally {
      await other.close()
    }
  })
})

test('the error that made SQLite roll back by itself is the one that is seen', async () => {
  await withLibrary(async ({ db }) => {
    const failing = db.transaction().execute(async (inner) => {
      await inner.insertInto('tag').values({ name: 'twice', created_ms: 1 }).execute()
      await sql`insert or rollback into tag (name, created_ms) values ('twice', 1)`.execute(inner)
    })
    await assert.rejects(failing, /UNIQUE constraint failed/)
    await db.insertInto('tag').values({ name: 'after', created_ms: 1 }).execute()
  })
})

// F-MIG: a kill in the middle of a migration must leave the schema as it was before.
test('a migration is done wholly or not at all', async () => {
  await using folder = await temporaryFolder()
  const store = openSqlite(join(folder.path, 'a.sqlite'))
  const db = new Kysely<unknown>({ dialect: store.dialect })
  const half = {
    async up(inner: Kysely<unknown>) {
      await sql`create table first_half (a integer)`.execute(inner)
      throw new Error('interrupted')
    },
  }
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ half }) } })
  const { error } = await migrator.migrateToLatest()
  assert.match(String(error), /interrupted/)
  assert.deepEqual(await db.introspection.getTables(), [])
  await db.destroy()
})

test('a value SQLite has no type for is refused by name', async () => {
  await withLibrary(async ({ db }) => {
    await assert.rejects(sql`select ${true}`.execute(db), /type boolean/)
  })
})
