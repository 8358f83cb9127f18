import type { Kysely } from 'kysely'
import { index, linked, owned, required, withId, zero } from '../columns.ts'

export async function createGathering(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('reaction'))
    .addColumn('item_id', 'bigint', owned('item.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('sort', 'text', required)
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'reaction', ['item_id', 'sort', 'account_id'], { unique: true })
  await index(db, 'reaction', ['account_id', 'sort', 'id'])

  await withId(db, db.schema.createTable('comment'))
    .addColumn('item_id', 'bigint', owned('item.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('body', 'text', required)
    .addColumn('likes_count', 'bigint', zero)
    .addColumn('created_ms', 'bigint', required)
    .addColumn('updated_ms', 'bigint', required)
    .execute()
  await index(db, 'comment', ['item_id', 'id'])
  await index(db, 'comment', ['account_id', 'created_ms'])

  await withId(db, db.schema.createTable('comment_like'))
    .addColumn('comment_id', 'bigint', owned('comment.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'comment_like', ['comment_id', 'account_id'], { unique: true })
  await index(db, 'comment_like', ['account_id'])

  await createCollections(db)
  await createVacancies(db)
}

async function createCollections(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('collection'))
    .addColumn('uid', 'text', (column) => column.notNull().unique())
    .addColumn('owner_id', 'bigint', owned('account.id'))
    .addColumn('kind', 'text', (column) => column.notNull().defaultTo('collection'))
    .addColumn('title', 'text', required)
    .addColumn('slug', 'text', required)
    .addColumn('description', 'text')
    .addColumn('private', 'integer', zero)
    .addColumn('items_count', 'bigint', zero)
    .addColumn('created_ms', 'bigint', required)
    .addColumn('updated_ms', 'bigint', required)
    .execute()
  await index(db, 'collection', ['owner_id', 'kind', 'id'])
  await index(db, 'collection', ['owner_id', 'slug'], { unique: true })

  await db.schema
    .createTable('collection_item')
    .addColumn('collection_id', 'bigint', owned('collection.id'))
    .addColumn('item_id', 'bigint', owned('item.id'))
    .addColumn('position', 'bigint', required)
    .addColumn('added_ms', 'bigint', required)
    .addPrimaryKeyConstraint('collection_item_pk', ['collection_id', 'item_id'])
    .execute()
  await index(db, 'collection_item', ['collection_id', 'position'])
  await index(db, 'collection_item', ['item_id'])
}

async function createVacancies(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('vacancy'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('organization_name', 'text', required)
    .addColumn('title', 'text', required)
    .addColumn('location', 'text', required)
    .addColumn('url', 'text', required)
    .addColumn('description', 'text')
    .addColumn('active', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('team_id', 'bigint', linked('account.id'))
    .addColumn('details', 'text', (column) => column.notNull().defaultTo('{}'))
    .addColumn('starts_ms', 'bigint', required)
    .addColumn('ends_ms', 'bigint', required)
    .addColumn('created_ms', 'bigint', required)
    .addColumn('updated_ms', 'bigint', required)
    .execute()
  await index(db, 'vacancy', ['account_id', 'id'])
}
