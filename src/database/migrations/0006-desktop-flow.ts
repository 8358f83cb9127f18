import type { Kysely, Migration } from 'kysely'
import { index, owned, required, withId } from './columns.ts'
import { sortTextByBytes } from './text-order.ts'

/** Applications without a browser ask for a token, and tokens that can be used with HTTP Digest. */
export const desktopFlow: Migration = {
  async up(db: Kysely<unknown>) {
    await withId(db, db.schema.createTable('desktop_request'))
      .addColumn('token_hash', 'text', required)
      .addColumn('app_id', 'bigint', owned('app.id'))
      .addColumn('state', 'text', required)
      .addColumn('account_id', 'bigint', (column) => column.references('account.id').onDelete('cascade'))
      .addColumn('code_hash', 'text')
      .addColumn('created_ms', 'bigint', required)
      .addColumn('expires_ms', 'bigint', required)
      .addColumn('code_expires_ms', 'bigint')
      .execute()
    await index(db, 'desktop_request', ['token_hash'], { unique: true })
    await index(db, 'desktop_request', ['code_hash'])
    await index(db, 'desktop_request', ['app_id'])
    await index(db, 'desktop_request', ['account_id'])
    await db.schema
      .createTable('token_digest')
      .addColumn('token_id', 'bigint', (column) =>
        column.notNull().primaryKey().references('token.id').onDelete('cascade'),
      )
      .addColumn('account_id', 'bigint', owned('account.id'))
      .addColumn('sealed', 'text', required)
      .execute()
    await index(db, 'token_digest', ['account_id'])
    await sortTextByBytes(db, ['desktop_request', 'token_digest'])
  },
}
