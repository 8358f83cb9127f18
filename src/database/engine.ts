import { SqliteAdapter, type Kysely } from 'kysely'

export type Engine = 'sqlite' | 'postgres'

/** Which database answers, for the few statements that must differ. */
export function engineOf<T>(db: Kysely<T>): Engine {
  return db.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres'
}
