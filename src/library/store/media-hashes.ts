import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'

/** Whether `item` has this hash: one of its own, or that of its original. */
export function sameHash(eb: ExpressionBuilder<Schema, 'item'>, hash: string): Expression<SqlBool> {
  const [, md5 = '', size = ''] = /^([0-9a-f]{32})(\d{1,15})$/.exec(hash) ?? []
  const blobs = eb
    .selectFrom('blob')
    .select('blob.sha256')
    .where('blob.md5', '=', md5)
    .where('blob.size_bytes', '=', Number(size))
  return eb.or([
    eb('item.media_hash', '=', hash),
    eb.and([eb('item.media_hash', 'is', null), eb('item.blob_sha256', 'in', blobs)]),
  ])
}

/** MD5 and size of blobs by their SHA-256. */
export async function hashesOfBlobs(db: Db, sha256: readonly string[]): Promise<Map<string, string>> {
  if (sha256.length === 0) return new Map()
  const rows = await db
    .selectFrom('blob')
    .select(['sha256', 'md5', 'size_bytes'])
    .where('sha256', 'in', [...new Set(sha256)])
    .execute()
  return new Map(rows.map((row) => [row.sha256, `${row.md5}${row.size_bytes}`]))
}
