import type { Db } from '../../database/open.ts'

export async function processingItems(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('item')
    .select('id')
    .where('state', '=', 'processing')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function processingAttachments(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('attachment')
    .select('id')
    .where('state', '=', 'processing')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}
