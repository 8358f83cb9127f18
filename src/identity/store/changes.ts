import type { Db } from '../../database/open.ts'
import type { ChangeTable } from '../../database/schema/work.ts'

/** Notes that a write touched an app, in the transaction of the write. */
export async function recordAppChange(
  db: Db,
  appId: number,
  op: ChangeTable['op'],
  nowMs: number,
): Promise<void> {
  await db.insertInto('change').values({ at_ms: nowMs, noun: 'app', noun_id: appId, op }).execute()
}
