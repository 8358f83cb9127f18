import { createRequire } from 'node:module'
import type { Dialect, SqliteDatabase, SqliteStatement } from 'kysely'
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import { sqliteDialect } from './sqlite-dialect.ts'

const require = createRequire(import.meta.url)

interface Driver {
  DatabaseSync: new (path: string, options?: { timeout?: number }) => DatabaseSyncInstance
}

/** The SQLite inside Node where Node has one (24 and later); a prebuilt package with the same interface before. */
function loadDriver(): Driver {
  const [major = 0] = process.versions.node.split('.').map(Number)
  const name = major >= 24 ? 'node:sqlite' : '@photostructure/sqlite'
  const loaded: unknown = require(name)
  if (!isDriver(loaded)) throw new Error(`${name} is not the SQLite driver it should be`)
  return loaded
}

const isDriver = (loaded: unknown): loaded is Driver =>
  typeof loaded === 'object' && loaded !== null && 'DatabaseSync' in loaded

/** Opens a database file without setting anything; waits up to `timeoutMs` for another process's lock. */
export function openSqliteFile(path: string, timeoutMs: number): DatabaseSyncInstance {
  const { DatabaseSync } = loadDriver()
  return new DatabaseSync(path, { timeout: timeoutMs })
}

/** SQLite's primary result code of an error its driver threw (5 busy, 11 corrupt, 26 not a database …), or null. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null
}

export interface SqliteStore {
  dialect: Dialect
  /** Changes whenever anything was committed by this or any other connection. */
  version: () => string
  /** `ok`, or what SQLite's quick check found. */
  quickCheck: () => string
  close: () => void
}

/**
 * Opens the library's database file for durable use: WAL with synchronous=FULL, because in WAL mode NORMAL
 * loses acknowledged commits at a power cut, and foreign keys on.
 */
export function openSqlite(path: string): SqliteStore {
  const database = openSqliteFile(path, 10_000)
  try {
    database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = full')
    database.exec('pragma foreign_keys = on')
    database.exec('pragma busy_timeout = 10000')
    database.exec('pragma cache_size = -32000')
    database.exec('pragma temp_store = memory')
    return storeOver(database)
  } catch (error) {
    database.close()
    throw error
  }
}

function storeOver(database: DatabaseSyncInstance): SqliteStore {
  const close = () => {
    if (database.isOpen) database.close()
  }
  const ownChanges = countChanges(database)
  const prepare = cachedStatements(database, ownChanges.expect)
  const dataVersion = database.prepare('pragma data_version')
  return {
    dialect: sqliteDialect({
      prepare,
      close,
      get inTransaction() {
        return database.isTransaction
      },
    }),
    version: () => `${valueOf(dataVersion, 'data_version')}.${ownChanges.count()}`,
    quickCheck: () => valueOf(database.prepare('pragma quick_check(1)'), 'quick_check'),
    close,
  }
}

/** The rows this connection has changed; asked of SQLite only when something ran that may have changed any. */
function countChanges(database: DatabaseSyncInstance): { expect: () => void; count: () => string } {
  const statement = database.prepare('select total_changes() as n')
  let known: string | null = null
  return {
    expect() {
      known = null
    },
    count: () => (known ??= valueOf(statement, 'n')),
  }
}

/** What a statement with one row answers in a column. */
function valueOf(statement: StatementSyncInstance, column: string): string {
  const row: unknown = statement.get()
  return isRow(row) ? String(row[column]) : ''
}

const isRow = (row: unknown): row is Record<string, unknown> => typeof row === 'object' && row !== null

/** Statements kept by their text; the ones used longest ago make room. */
const keptStatements = 500

/** Compiling a statement costs more than running it. */
function cachedStatements(
  database: DatabaseSyncInstance,
  expectChanges: () => void,
): SqliteDatabase['prepare'] {
  const kept = new Map<string, SqliteStatement>()
  return (text) => {
    const statement = kept.get(text) ?? toKysely(database, text, expectChanges)
    kept.delete(text)
    kept.set(text, statement)
    const [oldest] = kept.keys()
    if (kept.size > keptStatements && oldest !== undefined) kept.delete(oldest)
    return statement
  }
}

type Value = string | number | bigint | null | Uint8Array

/** @throws TypeError for a value SQLite has no type for; flags are 0 or 1, times are numbers. */
function bound(parameters: readonly unknown[]): Value[] {
  return parameters.map((value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number') return value
    if (typeof value === 'bigint' || value instanceof Uint8Array) return value
    throw new TypeError(`SQLite cannot store a value of type ${typeof value}`)
  })
}

/**
 * The statement in the shape Kysely's SQLite driver calls. `iterate` compiles a statement of its own each time: a
 * compiled statement has one cursor, which a second reader of the same text would take away from the first.
 *
 * @param expectChanges Called before anything runs that may change rows: all that is not plainly a SELECT.
 */
function toKysely(database: DatabaseSyncInstance, text: string, expectChanges: () => void): SqliteStatement {
  const statement: StatementSyncInstance = database.prepare(text)
  const onlyReads = /^select\s/i.test(text)
  const begin = (parameters: readonly unknown[]): Value[] => {
    if (!onlyReads) expectChanges()
    return bound(parameters)
  }
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...begin(parameters)),
    run: (parameters) => {
      const { changes, lastInsertRowid } = statement.run(...begin(parameters))
      return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) }
    },
    // Kysely's driver streams what selects and nothing else.
    iterate: (parameters) => database.prepare(text).iterate(...begin(parameters)),
  }
}
