import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'

export type VacancyRow = Selectable<Schema['vacancy']>

export function insertVacancy(db: Db, row: Insertable<Schema['vacancy']>): Promise<VacancyRow> {
  return db.insertInto('vacancy').values(row).returningAll().executeTakeFirstOrThrow()
}

export function updateVacancy(
  db: Db,
  id: number,
  change: Updateable<Schema['vacancy']>,
): Promise<VacancyRow> {
  return db.updateTable('vacancy').set(change).where('id', '=', id).returningAll().executeTakeFirstOrThrow()
}

export async function vacancyById(db: Db, id: number): Promise<VacancyRow | null> {
  const row = await db.selectFrom('vacancy').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}
