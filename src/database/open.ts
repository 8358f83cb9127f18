import { statSync } from 'node:fs'
import { Kysely, Migrator, sql, type MigrationResult, type Transaction } from 'kysely'
import { foundation } from './migrations/0001-foundation.ts'
import { interchange } from './migrations/0002-interchange.ts'
import { boards } from './migrations/0003-boards.ts'
import { days } from './migrations/0004-days.ts'
import { collecting } from './migrations/0005-collecting.ts'
import { desktopFlow } from './migrations/0006-desktop-flow.ts'
import { histories } from './migrations/0007-histories.ts'
import { openPostgres } from './postgres.ts'
import type { Schema } from './schema.ts'
import { openSqlite, sqliteCode, type SqliteStore } from './sqlite.ts'

/** The database, or a transaction on it: store functions take either. */
export type Db = Kysely<Schema> | Transaction<Schema>

export interface Database {
  db: Kysely<Schema>
  /**
   * A text that differs whenever something was committed, by any process: equal versions before and after mean
   * that every answer read in between is still true.
   */
  version: () => string | Promise<string>
  /** `ok`, or what is wrong with the file. */
  integrity: () => Promise<string>
  close: () => Promise<void>
}

/** A database that cannot be used; the message is one sentence for the person who starts the server. */
export class DatabaseUnusable extends Error {}

const migrations = {
  '0001-foundation': foundation,
  '0002-interchange': interchange,
  '0003-boards': boards,
  '0004-days': days,
  '0005-collecting': collecting,
  '0006-desktop-flow': desktopFlow,
  '0007-histories': histories,
}

/** Opens the database and brings its schema up to date. All that is missing is one transaction. */
export async function openDatabase(at: { file: string } | { url: string }): Promise<Database> {
  const opened = 'file' in at ? openSqliteFileAs(at.file) : await openPostgresAt(at.url)
  try {
    await migrate(opened.db)
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}

function openSqliteFileAs(file: string): Database {
  const { dialect, version, quickCheck } = openSoundSqlite(file)
  const db = new Kysely<Schema>({ dialect })
  return { db, version, integrity: () => Promise.resolve(quickCheck()), close: () => db.destroy() }
}

const CHECKED_BYTES = 256 * 1024 * 1024

function openSoundSqlite(file: string): SqliteStore {
  let store: SqliteStore | undefined
  try {
    store = openSqlite(file)
    // The check reads the whole file, so at the start only files that are read in a moment get it; `vitrine check`
    // reads any.
    const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    const problem = sizeBytes > CHECKED_BYTES ? 'ok' : store.quickCheck()
    if (problem === 'ok') return store
    throw new DatabaseUnusable(damaged, { cause: new Error(problem) })
  } catch (error) {
    store?.close()
    if (error instanceof DatabaseUnusable) throw error
    throw new DatabaseUnusable(sqliteProblem(sqliteCode(error) ?? 0), { cause: error })
  }
}

const damaged =
  'The library database is damaged or is not a database; put a backup in its place (see docs/running.md, Restore).'

/** SQLite's result codes (sqlite.org, "Result and Error Codes"): 5 busy, 11 corrupt, 13 full, 26 not a database. */
function sqliteProblem(code: number): string {
  switch (code) {
    case 11:
    case 26:
      return damaged
    case 5:
      return 'The library database is locked by another program; try again when that has ended.'
    case 13:
      return 'There is no room on the disk of the library database.'
    default:
      return 'The library database cannot be opened; check that its folder exists and may be written to.'
  }
}

async function openPostgresAt(url: string): Promise<Database> {
  const db = new Kysely<Schema>({ dialect: await openPostgres(url) })
  try {
    await sql`select 1`.execute(db)
  } catch (error) {
    await db.destroy()
    throw new DatabaseUnusable('The PostgreSQL database of DATABASE_URL cannot be reached.', { cause: error })
  }
  return {
    db,
    // A snapshot's text changes with every transaction that writes, also when they commit out of order.
    version: async () => {
      const { rows } = await sql<{ at: string }>`select pg_current_snapshot()::text as at`.execute(db)
      return rows[0]?.at ?? ''
    },
    integrity: () => Promise.resolve('ok'),
    close: () => db.destroy(),
  }
}

async function migrate(db: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  throw new DatabaseUnusable(
    `The library database cannot be brought up to date: ${whyNot(error, results)}.`,
    {
      cause: error,
    },
  )
}

function whyNot(error: unknown, results: MigrationResult[] | undefined): string {
  const failed = results?.find((result) => result.status === 'Error')
  if (failed) return `migration ${failed.migrationName} failed`
  // Kysely's words for a migration that was run once and that this program does not know.
  if (error instanceof Error && error.message.startsWith('corrupted migrations'))
    return 'it was written by a newer version of Vitrine'
  return 'it cannot be read or written'
}
