import type { Selectable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'

export type AccountSettingRow = Selectable<Schema['account_setting']>

export async function settingsRow(db: Db, accountId: number): Promise<AccountSettingRow | null> {
  const row = await db
    .selectFrom('account_setting')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row ?? null
}

export async function changeAccountSettings(
  db: Db,
  accountId: number,
  change: Omit<Updateable<Schema['account_setting']>, 'account_id'>,
): Promise<void> {
  await db
    .insertInto('account_setting')
    .values({ account_id: accountId, ...change })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ account_id: accountId, ...change }))
    .execute()
}

/** The tags somebody watches, by id, A to Z by name. */
export function watchedTagsOf(db: Db, accountId: number): Promise<{ id: number; name: string }[]> {
  return db
    .selectFrom('tag_watch')
    .innerJoin('tag', 'tag.id', 'tag_watch.tag_id')
    .select(['tag.id', 'tag.name'])
    .where('tag_watch.account_id', '=', accountId)
    .orderBy('tag.name')
    .execute()
}

export async function insertTagWatch(
  db: Db,
  row: { account_id: number; tag_id: number; created_ms: number },
): Promise<void> {
  await db
    .insertInto('tag_watch')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function deleteTagWatch(db: Db, accountId: number, tagId: number): Promise<void> {
  await db.deleteFrom('tag_watch').where('account_id', '=', accountId).where('tag_id', '=', tagId).execute()
}
