import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  type TransactionSettings,
} from 'kysely'

/** What the dialect needs of a driver: Kysely's two calls, and whether a transaction is open. */
export interface TransactionalSqlite extends SqliteDatabase {
  readonly inTransaction: boolean
}

/**
 * Kysely's SQLite dialect with three differences:
 *
 * - A migration is one transaction. SQLite can do that, Kysely's adapter says it cannot; without it a kill in the
 *   middle of a migration leaves a schema that no start can repair.
 * - A transaction takes the write lock when it begins. One that reads first and writes later would fail at once
 *   with SQLITE_BUSY, without waiting, when another process committed in between.
 * - Rolling back what SQLite has already rolled back (disk full, I/O error) is not an error that hides the first.
 */
export function sqliteDialect(database: TransactionalSqlite): Dialect {
  const plain = new SqliteDialect({ database })
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new WriteLockDriver(database),
    createIntrospector: (db) => plain.createIntrospector(db),
    createQueryCompiler: () => plain.createQueryCompiler(),
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class WriteLockDriver extends SqliteDriver {
  readonly #database: TransactionalSqlite

  constructor(database: TransactionalSqlite) {
    super({ database })
    this.#database = database
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate'
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}
