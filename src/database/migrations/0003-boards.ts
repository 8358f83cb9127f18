import { sql, type Kysely, type Migration } from 'kysely'
import { engineOf } from '../engine.ts'
import { index, linked, owned, required, withId, zero } from './columns.ts'
import { sortTextByBytes } from './text-order.ts'

/** What a community library adds: facts about tags, filters, people's own settings, galleries, similar pictures. */
export const boards: Migration = {
  async up(db: Kysely<unknown>) {
    await addTagFacts(db)
    await createFilters(db)
    await createSettings(db)
    await addGalleryColumns(db)
    await indexItems(db)
    await sortTextByBytes(db, ['tag', 'filter', 'account_setting', 'collection'])
  },
}

async function addTagFacts(db: Kysely<unknown>): Promise<void> {
  for (const name of ['category', 'description', 'short_description'])
    await db.schema.alterTable('tag').addColumn(name, 'text').execute()
  await index(db, 'tag', ['items_count desc', 'name'])
  // From here on every alias has the row of a tag, so that it has an id to be found by.
  await sql`insert into tag (name, created_ms) select name, created_ms from tag_alias
    where name not in (select name from tag)`.execute(db)
}

async function createFilters(db: Kysely<unknown>): Promise<void> {
  await withId(db, db.schema.createTable('filter'))
    .addColumn('owner_id', 'bigint', (column) => column.references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('hidden_tag_ids', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('spoilered_tag_ids', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('hidden_complex', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('spoilered_complex', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('public', 'integer', zero)
    .addColumn('system', 'integer', zero)
    .addColumn('created_ms', 'bigint', required)
    .addColumn('updated_ms', 'bigint', required)
    .execute()
  await index(db, 'filter', ['owner_id', 'id'])

  for (const { id, name, description } of systemFilters)
    await sql`insert into filter (id, name, description, public, system, created_ms, updated_ms)
      values (${id}, ${name}, ${description}, 1, 1, 0, 0)`.execute(db)
  // SQLite's AUTOINCREMENT goes on above the highest by itself; a sequence of PostgreSQL has to be told.
  if (engineOf(db) === 'postgres')
    await sql`select setval(pg_get_serial_sequence('filter', 'id')::regclass, ${highestSystemId})`.execute(db)
}

/** The ids that clients send unasked; what each hides is data of the program (`library/system-filters.ts`). */
const systemFilters = [
  { id: 100073, name: 'Default', description: 'Hides what most people do not come for.' },
  { id: 56027, name: 'Everything', description: 'Hides and spoilers nothing.' },
  {
    id: 37430,
    name: 'Maximum Spoilers',
    description: 'Hides nothing and spoilers all that may be unwanted.',
  },
  { id: 37431, name: 'Legacy Default', description: 'The default of earlier times.' },
  { id: 37432, name: '18+ R34', description: 'Shows explicit pictures, hides the grim ones.' },
  { id: 37429, name: '18+ Dark', description: 'Shows grim pictures, hides the explicit ones.' },
]
const highestSystemId = 100073

async function createSettings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('account_setting')
    .addColumn('account_id', 'bigint', (column) =>
      column.notNull().primaryKey().references('account.id').onDelete('cascade'),
    )
    .addColumn('current_filter_id', 'bigint', linked('filter.id'))
    .addColumn('items_per_page', 'bigint')
    .addColumn('watched_query', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('watched_exclude_query', 'text', (column) => column.notNull().defaultTo(''))
    .addColumn('hide_spoilered_watched', 'integer', zero)
    .execute()
  await index(db, 'account_setting', ['current_filter_id'], { where: 'current_filter_id is not null' })

  await db.schema
    .createTable('tag_watch')
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('tag_id', 'bigint', owned('tag.id'))
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('tag_watch_pk', ['account_id', 'tag_id'])
    .execute()
  await index(db, 'tag_watch', ['tag_id'])
}

async function addGalleryColumns(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('collection').addColumn('spoiler_warning', 'text').execute()
  await db.schema.alterTable('collection').addColumn('order_position_asc', 'integer', zero).execute()
  await db.schema
    .alterTable('collection')
    .addColumn('thumbnail_item_id', 'bigint', linked('item.id'))
    .execute()
  await index(db, 'collection', ['thumbnail_item_id'], { where: 'thumbnail_item_id is not null' })
  await index(db, 'collection', ['kind', 'updated_ms'])
}

/** Rankings of a stretch of time, the duplicates of an item, and pictures about as bright as another. */
async function indexItems(db: Kysely<unknown>): Promise<void> {
  await index(db, 'item', ['first_seen_ms', 'id'])
  await index(db, 'item', ['merged_into'], { where: 'merged_into is not null' })
  const brightness =
    engineOf(db) === 'sqlite'
      ? sql`json_extract(intensities, '$.nw')`
      : sql`((intensities::json ->> 'nw')::double precision)`
  await sql`create index item_intensity_nw on item (${brightness}) where intensities is not null`.execute(db)
}
