import { join } from 'node:path'
import { test } from 'node:test'
import type { Engine } from '../../src/database/engine.ts'
import { openDatabase, type Database } from '../../src/database/open.ts'
import { temporaryFolder } from './folders.ts'
import { freshPostgres, postgresProblem } from './postgres.ts'

/** An empty library database that one test has to itself. */
export interface TestDatabase {
  engine: Engine
  at: { file: string } | { url: string }
  /** Opens it, each time as another process would. What is left open is closed at the end of the test. */
  open: () => Promise<Database>
}

/** Declares a test that runs once on SQLite and once on PostgreSQL. */
export function onEachDatabase(name: string, body: (database: TestDatabase) => Promise<void>): void {
  test(`${name} (sqlite)`, async () => {
    await using folder = await temporaryFolder()
    await withDatabase('sqlite', { file: join(folder.path, 'vitrine.sqlite') }, body)
  })

  test(`${name} (postgres)`, async (t) => {
    const problem = await postgresProblem()
    if (problem !== null) {
      t.skip(problem)
      return
    }
    const { url, drop } = await freshPostgres()
    try {
      await withDatabase('postgres', { url }, body)
    } finally {
      await drop()
    }
  })
}

async function withDatabase(
  engine: Engine,
  at: TestDatabase['at'],
  body: (database: TestDatabase) => Promise<void>,
): Promise<void> {
  const opened: Database[] = []
  const open = async () => {
    const database = await openDatabase(at)
    const { close } = database
    let closing: Promise<void> | undefined
    const once = { ...database, close: () => (closing ??= close()) }
    opened.push(once)
    return once
  }
  try {
    await body({ engine, at, open })
  } finally {
    for (const database of opened) await database.close()
  }
}
