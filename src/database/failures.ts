import { sqliteCode } from './sqlite.ts'

/** What a database error means for whoever waits for an answer. */
export type DatabaseFailure = 'full' | 'broken' | 'away'

/** SQLite's result codes (sqlite.org, "Result and Error Codes"); the low byte is the primary code. */
const SQLITE: Readonly<Record<number, DatabaseFailure>> = {
  5: 'away',
  6: 'away',
  10: 'broken',
  11: 'broken',
  13: 'full',
}

/** The driver of Node 20 and 22 gives some errors no code: then SQLite's own words must do. */
const SQLITE_WORDS: readonly [RegExp, DatabaseFailure][] = [
  [/^database or disk is full/, 'full'],
  [/^database (?:table )?is locked/, 'away'],
  [/^disk I\/O error/, 'broken'],
  [/^database disk image is malformed/, 'broken'],
]

/** PostgreSQL's SQLSTATE codes for a server that is gone, going, full of connections, or wants the work repeated. */
const AWAY = /^(?:08\w{3}|57P0[123]|53300|40001|40P01)$/
/** Node's codes for a connection that is not there; only sockets have them. */
const SOCKET = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/

/** Null for an error that is none of the database's troubles: a bug, or a refusal. */
export function databaseFailure(error: unknown): DatabaseFailure | null {
  if (!(error instanceof Error)) return null
  const { code } = error as { code?: unknown }
  if (code === 'ERR_SQLITE_ERROR') return sqliteFailure(error)
  if (code === '53100') return 'full'
  if (code === '58030' || code === 'XX001' || code === 'XX002') return 'broken'
  if (typeof code === 'string' && (AWAY.test(code) || SOCKET.test(code))) return 'away'
  // The pool's own words; it gives them no code.
  return /^(?:timeout exceeded when trying to connect|Connection terminated)/.test(error.message)
    ? 'away'
    : null
}

function sqliteFailure(error: Error): DatabaseFailure | null {
  const known = sqliteCode(error)
  if (known !== null) return SQLITE[known] ?? null
  return SQLITE_WORDS.find(([words]) => words.test(error.message))?.[1] ?? null
}
