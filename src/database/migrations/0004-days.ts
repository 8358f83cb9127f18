import type { Kysely, Migration } from 'kysely'
import { index, owned, required } from './columns.ts'
import { sortTextByBytes } from './text-order.ts'

/** What a picture a day needs: where each account's midnight is, and was, and a way to the items of one day. */
export const days: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('account').addColumn('time_zone', 'text').execute()
    await db.schema
      .createTable('past_time_zone')
      .addColumn('account_id', 'bigint', owned('account.id'))
      .addColumn('until_ms', 'bigint', required)
      .addColumn('time_zone', 'text', required)
      .addPrimaryKeyConstraint('past_time_zone_pk', ['account_id', 'until_ms'])
      .execute()
    await index(db, 'item', ['owner_id', 'taken_on'], { where: 'taken_on is not null' })
    await sortTextByBytes(db, ['account', 'past_time_zone'])
  },
}
