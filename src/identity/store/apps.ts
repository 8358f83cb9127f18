import type { Insertable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { AppTable } from '../../database/schema/identity.ts'

/** Apps with the login and name of their owner. */
function apps(db: Db) {
  return db
    .selectFrom('app')
    .innerJoin('account', 'account.id', 'app.owner_id')
    .selectAll('app')
    .select(['account.login as owner_login', 'account.name as owner_name'])
}

export type AppRow = NonNullable<Awaited<ReturnType<typeof appById>>>

export function appById(db: Db, id: number) {
  return apps(db).where('app.id', '=', id).executeTakeFirst()
}

export function appByClientId(db: Db, clientId: string) {
  return apps(db).where('app.client_id', '=', clientId).executeTakeFirst()
}

export function appsOfOwner(db: Db, ownerId: number) {
  return apps(db).where('app.owner_id', '=', ownerId).orderBy('app.id').execute()
}

export async function insertApp(db: Db, row: Insertable<AppTable>): Promise<number> {
  const { id } = await db.insertInto('app').values(row).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function updateApp(db: Db, id: number, change: Updateable<AppTable>): Promise<void> {
  await db.updateTable('app').set(change).where('id', '=', id).execute()
}

/** Its grants, codes and tokens go with it. */
export async function deleteAppRow(db: Db, id: number): Promise<void> {
  await db.deleteFrom('app').where('id', '=', id).execute()
}
