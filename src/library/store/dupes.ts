import type { Db } from '../../database/open.ts'
import { listed } from '../access.ts'
import type { ItemRow } from '../rows.ts'
import { sameHash } from './media-hashes.ts'

/** Listed items with a hash, of others than its owner, newest first; one of each owner unless they may repeat. */
export function selectDupes(
  db: Db,
  { hash, ownerId, repeat }: { hash: string; ownerId: number; repeat: boolean },
  limit: number,
): Promise<ItemRow[]> {
  return db
    .selectFrom('item')
    .selectAll()
    .where(listed())
    .where('owner_id', '<>', ownerId)
    .where((eb) => sameHash(eb, hash))
    .$if(!repeat, (qb) =>
      qb.where('id', 'in', (eb) =>
        eb
          .selectFrom('item')
          .select((one) => one.fn.max('item.id').as('id'))
          .where(listed())
          .where((one) => sameHash(one, hash))
          .groupBy('item.owner_id'),
      ),
    )
    .orderBy('published_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Which of these hashes an account has an item of. */
export async function hashesOwned(db: Db, ownerId: number, hashes: readonly string[]): Promise<Set<string>> {
  const owned = new Set<string>()
  for (const hash of hashes) {
    const row = await db
      .selectFrom('item')
      .select('id')
      .where('owner_id', '=', ownerId)
      .where('visibility', 'in', ['public', 'private'])
      .where('state', '<>', 'failed')
      .where((eb) => sameHash(eb, hash))
      .limit(1)
      .executeTakeFirst()
    if (row) owned.add(hash)
  }
  return owned
}
