import type { Kysely, Migration } from 'kysely'
import { index, owned, required } from './columns.ts'
import { sortTextByBytes } from './text-order.ts'

/** What archives hold besides the first schema: relations of tags, people around collections, hashes of absent originals. */
export const interchange: Migration = {
  async up(db: Kysely<unknown>) {
    await createTagRelations(db)
    await createCollectionPeople(db)
    await createImportedIds(db)
    for (const name of ['sha512', 'orig_sha512']) {
      await db.schema.alterTable('item').addColumn(name, 'text').execute()
      await index(db, 'item', [name], { where: `${name} is not null` })
    }
    await sortTextByBytes(db, ['tag_alias', 'collaborator', 'imported_id', 'item'])
  },
}

async function createTagRelations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tag_alias')
    .addColumn('name', 'text', (column) => column.notNull().primaryKey())
    .addColumn('target_id', 'bigint', owned('tag.id'))
    .addColumn('created_ms', 'bigint', required)
    .execute()
  await index(db, 'tag_alias', ['target_id'])

  await db.schema
    .createTable('tag_implication')
    .addColumn('tag_id', 'bigint', owned('tag.id'))
    .addColumn('implied_id', 'bigint', owned('tag.id'))
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('tag_implication_pk', ['tag_id', 'implied_id'])
    .execute()
  await index(db, 'tag_implication', ['implied_id'])
}

async function createCollectionPeople(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('collaborator')
    .addColumn('collection_id', 'bigint', owned('collection.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('access', 'text', required)
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('collaborator_pk', ['collection_id', 'account_id'])
    .execute()
  await index(db, 'collaborator', ['account_id'])

  await db.schema
    .createTable('watch')
    .addColumn('collection_id', 'bigint', owned('collection.id'))
    .addColumn('account_id', 'bigint', owned('account.id'))
    .addColumn('created_ms', 'bigint', required)
    .addPrimaryKeyConstraint('watch_pk', ['collection_id', 'account_id'])
    .execute()
  await index(db, 'watch', ['account_id'])
}

async function createImportedIds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('imported_id')
    .addColumn('source', 'text', required)
    .addColumn('noun', 'text', required)
    .addColumn('given_id', 'bigint', required)
    .addColumn('id', 'bigint', required)
    .addPrimaryKeyConstraint('imported_id_pk', ['source', 'noun', 'given_id'])
    .execute()
}
