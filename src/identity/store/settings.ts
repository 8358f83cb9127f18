import type { Db } from '../../database/open.ts'

export async function putSetting(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto('setting')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

/** The same, but leaves a value that is there. */
export async function addSetting(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto('setting')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

export async function settingValue(db: Db, name: string): Promise<string | null> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value ?? null
}

/** Removes a setting if it has this value; of any number of callers at once, exactly one hears yes. */
export async function takeSetting(db: Db, name: string, value: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('setting')
    .where('name', '=', name)
    .where('value', '=', value)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}
