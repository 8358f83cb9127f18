import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import type { Database } from '../../src/database/open.ts'
import { openQueue, type QueueOptions } from '../../src/queue/database-queue.ts'

export const noon = Date.parse('2024-05-01T12:00:00Z')

/** A queue whose time stands still until the test moves it, and whose log is kept. */
export function stillQueue(database: Database, options: Partial<QueueOptions> = {}) {
  const time = { nowMs: noon }
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const queue = openQueue({ db: database.db, clock: () => new Date(time.nowMs), log, pollMs: 20, ...options })
  return { queue, time, lines }
}

export const jobsIn = (database: Database) =>
  database.db.selectFrom('job').selectAll().orderBy('id').execute()

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    assert.ok(tries < 1000, 'it never happened')
    await wait(10)
  }
}
