import type { Kysely } from 'kysely'
import { index, linked, owned, required, withId, zero } from '../columns.ts'

export async function createItems(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('blob')
    .addColumn('sha256', 'text', (column) => column.notNull().primaryKey())
    .addColumn('sha512', 'text', required)
    .addColumn('md5', 'text', required)
    .addColumn('size_bytes', 'bigint', required)
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'blob', ['sha512'])
  await index(db, 'blob', ['md5'])

  await createItem(db)
  await createRenditions(db)
  await createTags(db)
  await createAttachments(db)
}

async function createItem(db: Kysely<unknown>): Promise<void> {
  let table = withId(db, db.schema.createTable('item'))
    .addColumn('uid', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', required)
    .addColumn('owner_id', 'bigint', owned('account.id'))
    .addColumn('team_id', 'bigint', linked('account.id'))
    .addColumn('anonymous', 'integer', zero)
    .addColumn('blob_sha256', 'text', (column) => column.references('blob.sha256'))
    .addColumn('frames', 'bigint')
    .addColumn('duration_seconds', 'double precision')
    .addColumn('silent', 'integer')
    .addColumn('state', 'text', required)
    .addColumn('visibility', 'text', (column) => column.notNull().defaultTo('public'))
    .addColumn('merged_into', 'bigint', linked('item.id'))
    .addColumn('rebound_of', 'bigint', linked('item.id'))
    .addColumn('low_profile', 'integer', zero)
    .addColumn('content', 'text', (column) => column.notNull().defaultTo('{}'))
    .addColumn('created_ms', 'bigint', required)
    .addColumn('updated_ms', 'bigint', required)
    .addColumn('first_seen_ms', 'bigint', required)
  for (const name of ['title', 'description', 'source_url', 'file_name', 'mime_type', 'format', 'failure'])
    table = table.addColumn(name, 'text')
  for (const name of ['removal_reason', 'taken_on', 'backup_of', 'colours', 'placeholder', 'perceptual_hash'])
    table = table.addColumn(name, 'text')
  for (const name of ['intensities', 'stated_counts']) table = table.addColumn(name, 'text')
  for (const name of ['width', 'height', 'size_bytes', 'scheduled_ms', 'published_ms'])
    table = table.addColumn(name, 'bigint')
  for (const noun of ['faves', 'upvotes', 'downvotes', 'comments', 'views', 'rebounds', 'attachments'])
    table = table.addColumn(`${noun}_count`, 'bigint', zero)
  await table.execute()

  await index(db, 'item', ['owner_id', 'id'])
  await index(db, 'item', ['team_id', 'id'], { where: 'team_id is not null' })
  await index(db, 'item', ['published_ms', 'id'])
  await index(db, 'item', ['blob_sha256'])
  await index(db, 'item', ['rebound_of', 'id'], { where: 'rebound_of is not null' })
  await index(db, 'item', ['scheduled_ms'], { where: 'scheduled_ms is not null' })
}

async function createRenditions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rendition')
    .addColumn('item_id', 'bigint', owned('item.id'))
    .addColumn('name', 'text', required)
    .addColumn('blob_sha256', 'text', (column) => column.notNull().references('blob.sha256'))
    .addColumn('width', 'bigint', required)
    .addColumn('height', 'bigint', required)
    .addColumn('format', 'text', required)
    .addColumn('mime_type', 'text', required)
    .addColumn('animated', 'integer', required)
    .addPrimaryKeyConstraint('rendition_pk', ['item_id', 'name'])
    .execute()
  await index(db, 'rendition', ['blob_sha256'])
}

async function createTags(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('tag'))
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('items_count', 'bigint', zero)
    .addColumn('created_ms', 'bigint', required)
    .execute()

  await db.schema
    .createTable('item_tag')
    .addColumn('item_id', 'bigint', owned('item.id'))
    .addColumn('tag_id', 'bigint', owned('tag.id'))
    .addPrimaryKeyConstraint('item_tag_pk', ['item_id', 'tag_id'])
    .execute()
  await index(db, 'item_tag', ['tag_id', 'item_id'])
}

async function createAttachments(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('attachment'))
    .addColumn('item_id', 'bigint', owned('item.id'))
    .addColumn('blob_sha256', 'text', (column) => column.notNull().references('blob.sha256'))
    .addColumn('file_name', 'text', required)
    .addColumn('mime_type', 'text', required)
    .addColumn('size_bytes', 'bigint', required)
    .addColumn('thumbnail_sha256', 'text', (column) => column.references('blob.sha256'))
    .addColumn('thumbnail_mime_type', 'text')
    .addColumn('state', 'text', required)
    .addColumn('views_count', 'bigint', zero)
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'attachment', ['item_id', 'id'])
  await index(db, 'attachment', ['blob_sha256'])
  await index(db, 'attachment', ['thumbnail_sha256'])
}
