import type { Kysely } from 'kysely'
import { index, owned, required, withId, zero } from '../columns.ts'

export async function createIdentity(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('app'))
    .addColumn('client_id', 'text', (column) => column.notNull().unique())
    .addColumn('client_secret_hash', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('description', 'text')
    .addColumn('website', 'text')
    .addColumn('owner_id', 'bigint', owned('account.id'))
    .addColumn('redirect_uri', 'text', required)
    .addColumn('redirect_below', 'integer', zero)
    .addColumn('approved', 'integer', zero)
    .addColumn('is_public', 'integer', required)
    .addColumn('suspended', 'integer', zero)
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'app', ['owner_id'])

  await withId(db, db.schema.createTable('app_grant'))
    .addColumn('app_id', 'bigint', owned('app.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('scopes', 'text', required)
    .addColumn('created_ms', 'bigint', required)
    .addColumn('updated_ms', 'bigint', required)
    .execute()
  await index(db, 'app_grant', ['app_id', 'account_id'], { unique: true })
  await index(db, 'app_grant', ['account_id'])

  await db.schema
    .createTable('authorization_code')
    .addColumn('code_hash', 'text', (column) => column.notNull().primaryKey())
    .addColumn('app_id', 'bigint', owned('app.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('grant_id', 'bigint', owned('app_grant.id'))
    .addColumn('redirect_uri', 'text', required)
    .addColumn('redirect_given', 'integer', required)
    .addColumn('scopes', 'text', required)
    .addColumn('code_challenge', 'text')
    .addColumn('expires_ms', 'bigint', required)
    .addColumn('used_ms', 'bigint')
    .execute()
  await index(db, 'authorization_code', ['expires_ms'])

  await createTokens(db)
}

async function createTokens(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('token'))
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', required)
    .addColumn('app_id', 'bigint', owned('app.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('grant_id', 'bigint', (column) => column.references('app_grant.id').onDelete('cascade'))
    .addColumn('scopes', 'text', required)
    .addColumn('code_hash', 'text')
    .addColumn('created_ms', 'bigint', required)
    .addColumn('last_used_ms', 'bigint')
    .addColumn('expires_ms', 'bigint')
    .addColumn('revoked_ms', 'bigint')
    .execute()
  await index(db, 'token', ['account_id', 'app_id'])
  await index(db, 'token', ['grant_id'])
  await index(db, 'token', ['code_hash'])

  await db.schema
    .createTable('session')
    .addColumn('hash', 'text', (column) => column.notNull().primaryKey())
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('created_ms', 'bigint', required)
    .addColumn('last_seen_ms', 'bigint', required)
    .addColumn('expires_ms', 'bigint', required)
    .addColumn('user_agent', 'text')
    .execute()
  await index(db, 'session', ['account_id'])
  await index(db, 'session', ['expires_ms'])

  await db.schema
    .createTable('api_key')
    .addColumn('account_id', 'bigint', (column) =>
      column.notNull().primaryKey().references('account.id').onDelete('cascade'),
    )
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_ms', 'bigint', required)
    .execute()
}
