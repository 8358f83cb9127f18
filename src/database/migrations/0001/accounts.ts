import type { Kysely } from 'kysely'
import { index, owned, required, withId, zero } from '../columns.ts'

export async function createAccounts(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('account'))
    .addColumn('login', 'text', required)
    .addColumn('login_key', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('role', 'text', (column) => column.notNull().defaultTo('member'))
    .addColumn('pro', 'integer', zero)
    .addColumn('may_upload', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('bio', 'text')
    .addColumn('location', 'text')
    .addColumn('links', 'text', (column) => column.notNull().defaultTo('{}'))
    .addColumn('avatar_sha256', 'text')
    .addColumn('password_hash', 'text')
    .addColumn('suspended', 'integer', zero)
    .addColumn('followers_count', 'bigint', zero)
    .addColumn('followings_count', 'bigint', zero)
    .addColumn('created_ms', 'bigint', required)
    .addColumn('updated_ms', 'bigint', required)
    .execute()

  await db.schema
    .createTable('membership')
    .addColumn('team_id', 'bigint', owned('account.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('membership_pk', ['team_id', 'account_id'])
    .execute()
  await index(db, 'membership', ['account_id'])

  await db.schema
    .createTable('block')
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('blocked_id', 'bigint', owned('account.id'))
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('block_pk', ['account_id', 'blocked_id'])
    .execute()
  await index(db, 'block', ['blocked_id'])

  await withId(db, db.schema.createTable('follow'))
    .addColumn('follower_id', 'bigint', owned('account.id'))
    .addColumn('followee_id', 'bigint', owned('account.id'))
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'follow', ['follower_id', 'followee_id'], { unique: true })
  await index(db, 'follow', ['followee_id', 'id'])
}
