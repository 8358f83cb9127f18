import type { Kysely } from 'kysely'
import { index, owned, required, withId, zero } from '../columns.ts'

export async function createWork(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('job'))
    .addColumn('kind', 'text', required)
    .addColumn('payload', 'text', required)
    .addColumn('run_ms', 'bigint', required)
    .addColumn('lease_ms', 'bigint', zero)
    .addColumn('attempts', 'bigint', zero)
    .addColumn('failed_ms', 'bigint')
    .addColumn('error', 'text')
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'job', ['run_ms', 'id'], { where: 'failed_ms is null' })

  await withId(db, db.schema.createTable('change'))
    .addColumn('at_ms', 'bigint', required)
    .addColumn('noun', 'text', required)
    .addColumn('noun_id', 'bigint', required)
    .addColumn('op', 'text', required)
    .execute()

  await db.schema
    .createTable('idempotency')
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('key', 'text', required)
    .addColumn('fingerprint', 'text', required)
    .addColumn('status', 'bigint', required)
    .addColumn('headers', 'text', required)
    .addColumn('body', 'text', required)
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('idempotency_pk', ['account_id', 'key'])
    .execute()
  await index(db, 'idempotency', ['created_ms'])

  await db.schema
    .createTable('blob_garbage')
    .addColumn('sha256', 'text', (column) => column.notNull().primaryKey())
    .addColumn('since_ms', 'bigint', required)
    .execute()

  await db.schema
    .createTable('setting')
    .addColumn('name', 'text', (column) => column.notNull().primaryKey())
    .addColumn('value', 'text', required)
    .execute()
}
