import type { Db } from '../../database/open.ts'

/** What names a blob. */
export interface BlobUses {
  /** Items whose original it is. */
  items: number[]
  attachments: number[]
  accounts: number[]
  /** Items that have it as a rendition, which can be made again. */
  renditions: number[]
}

const ids = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)

export async function usesOf(db: Db, sha256: string): Promise<BlobUses> {
  const items = await db.selectFrom('item').select('id').where('blob_sha256', '=', sha256).execute()
  const accounts = await db.selectFrom('account').select('id').where('avatar_sha256', '=', sha256).execute()
  const attachments = await db
    .selectFrom('attachment')
    .select('id')
    .where((eb) => eb.or([eb('blob_sha256', '=', sha256), eb('thumbnail_sha256', '=', sha256)]))
    .execute()
  const renditions = await db
    .selectFrom('rendition')
    .select('item_id as id')
    .where('blob_sha256', '=', sha256)
    .distinct()
    .execute()
  return {
    items: ids(items),
    attachments: ids(attachments),
    accounts: ids(accounts),
    renditions: ids(renditions),
  }
}

export async function deleteRenditionsOf(db: Db, sha256: string): Promise<void> {
  await db.deleteFrom('rendition').where('blob_sha256', '=', sha256).execute()
}

/** Items with an original that are ready, in the order of their ids. */
export function readyOriginals(db: Db, after: number, limit: number) {
  return db
    .selectFrom('item')
    .select(['id', 'width', 'height', 'frames'])
    .where('state', '=', 'ready')
    .where('kind', '=', 'image')
    .where('blob_sha256', 'is not', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Which of these blobs are on the list to be removed. */
export async function amongGarbage(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set()
  const rows = await db.selectFrom('blob_garbage').select('sha256').where('sha256', 'in', hashes).execute()
  return new Set(rows.map(({ sha256 }) => sha256))
}
