import { sql, type Kysely, type Migration } from 'kysely'
import { index, linked, owned, required, withId } from './columns.ts'
import { sortTextByBytes } from './text-order.ts'

/** What was changed about items, and ways to people by name and to the pictures that everybody may see. */
export const histories: Migration = {
  async up(db: Kysely<unknown>) {
    await withId(db, db.schema.createTable('tag_change'))
      .addColumn('item_id', 'bigint', owned('item.id'))
      .addColumn('account_id', 'bigint', linked('account.id'))
      .addColumn('tag_name', 'text', required)
      .addColumn('added', 'integer', required)
      .addColumn('created_ms', 'bigint', required)
      .execute()
    await withId(db, db.schema.createTable('source_change'))
      .addColumn('item_id', 'bigint', owned('item.id'))
      .addColumn('account_id', 'bigint', linked('account.id'))
      .addColumn('old_source', 'text')
      .addColumn('new_source', 'text')
      .addColumn('created_ms', 'bigint', required)
      .execute()
    for (const table of ['tag_change', 'source_change']) {
      await index(db, table, ['item_id', 'created_ms', 'id'])
      await index(db, table, ['account_id'], { where: 'account_id is not null' })
    }
    await sortTextByBytes(db, ['tag_change', 'source_change'])

    await sql`create index account_lower_name on account (lower(name), id)`.execute(db)
    // Also holds all that tells whether a picture is listed, so that lists and counts need not read the items. The
    // times stand first: before them, the planner would take it for the way to the few items of one owner.
    await db.schema.dropIndex('item_published_ms_id').execute()
    await index(db, 'item', ['published_ms', 'id', 'kind', 'state', 'visibility', 'low_profile'])
  },
}
