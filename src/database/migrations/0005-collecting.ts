import { sql, type Kysely, type Migration } from 'kysely'
import { engineOf } from '../engine.ts'
import { index, owned, required, zero } from './columns.ts'
import { sortTextByBytes } from './text-order.ts'

/** What collecting needs: ids of accounts for URLs, marks of the curator, hashes to find copies by, invitations. */
export const collecting: Migration = {
  async up(db: Kysely<unknown>) {
    await addAccountIds(db)
    await db.schema.alterTable('account').addColumn('stellar', 'integer', zero).execute()
    await db.schema.alterTable('collection').addColumn('notable', 'integer', zero).execute()
    await index(db, 'collection', ['notable', 'id'], { where: 'notable = 1' })
    await db.schema.alterTable('item').addColumn('media_hash', 'text').execute()
    await index(db, 'item', ['media_hash'], { where: 'media_hash is not null' })
    await index(db, 'item', ['owner_id', 'source_url'], { where: 'source_url is not null' })
    await index(db, 'item', ['owner_id', 'published_ms', 'id'])
    await createInvitations(db)
    await createItemTexts(db)
    await sortTextByBytes(db, ['account', 'item', 'invitation', 'item_text'])
  },
}

/** Each engine gives a new account its id by itself, whoever inserts the row. */
async function addAccountIds(db: Kysely<unknown>): Promise<void> {
  if (engineOf(db) === 'postgres') {
    const random = sql`replace(gen_random_uuid()::text, '-', '')`
    await sql`alter table account add column uid text default ${random}`.execute(db)
  } else {
    await sql`alter table account add column uid text`.execute(db)
    await sql`update account set uid = lower(hex(randomblob(16)))`.execute(db)
    await sql`create trigger account_uid after insert on account when new.uid is null
      begin update account set uid = lower(hex(randomblob(16))) where id = new.id; end`.execute(db)
  }
  await index(db, 'account', ['uid'], { unique: true })
}

async function createInvitations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('invitation')
    .addColumn('collection_id', 'bigint', owned('collection.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('access', 'text', required)
    .addColumn('invited_by', 'bigint', owned('account.id'))
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('invitation_pk', ['collection_id', 'account_id'])
    .execute()
  await index(db, 'invitation', ['account_id'])
  await index(db, 'invitation', ['invited_by'])
}

async function createItemTexts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('item_text')
    .addColumn('item_id', 'bigint', (column) =>
      column.notNull().primaryKey().references('item.id').onDelete('cascade'),
    )
    .addColumn('text', 'text', required)
    .execute()
}
