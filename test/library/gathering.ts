import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Context } from '../../src/context.ts'
import { addAccount, type NewAccount } from '../../src/library/accounts.ts'
import { LibraryError, type Reason } from '../../src/library/errors.ts'
import type { NewItemRow } from '../../src/library/store/items.ts'
import type { Viewer } from '../../src/library/viewer.ts'
import { workingClock, type TestClock } from '../helpers/clock.ts'
import type { TestDatabase } from '../helpers/databases.ts'

export type Somebody = Viewer & { accountId: number }

/** A library without pictures: a database, a clock and people. */
export interface Bench {
  ctx: Pick<Context, 'db' | 'clock'>
  clock: TestClock
  /** A new account, as it asks. */
  person: (login: string, more?: Partial<NewAccount>) => Promise<Somebody>
  /** A ready public item of that owner. */
  item: (owner: Somebody, more?: Partial<NewItemRow>) => Promise<number>
}

export async function openBench(database: TestDatabase): Promise<Bench> {
  const { db } = await database.open()
  const clock = workingClock('2026-03-04T05:06:07Z')
  const ctx = { db, clock: clock.now }
  return {
    ctx,
    clock,
    async person(login, more = {}) {
      const { id, role } = await addAccount(ctx, { login, ...more })
      return { accountId: id, role, scopes: null, app: null }
    },
    async item({ accountId }, more = {}) {
      const ms = clock.now().getTime()
      const times = { published_ms: ms, created_ms: ms, updated_ms: ms, first_seen_ms: ms }
      const row = {
        uid: randomBytes(12).toString('hex'),
        kind: 'text',
        owner_id: accountId,
        state: 'ready',
      } as const
      const { id } = await db
        .insertInto('item')
        .values({ ...row, ...times, ...more })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
  }
}

/** The promise is refused for this reason; only the parts given are compared. */
export async function refused(promise: Promise<unknown>, reason: Partial<Reason>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof LibraryError, `not a refusal: ${String(error)}`)
    assert.deepEqual({ ...error.reason, ...reason }, error.reason)
    return true
  })
}

export const page = { offset: 0, limit: 30 }
