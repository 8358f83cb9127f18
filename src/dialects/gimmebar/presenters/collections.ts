import type { AccountRow, CollectionRow } from '../../../library/rows.ts'
import { collectionAddress } from '../addresses.ts'
import type { Shown } from '../records.ts'

export interface ShownCollection {
  collection: CollectionRow
  owner: AccountRow
  isWatched: boolean
}

export function presentCollection(
  { collection, owner, isWatched }: ShownCollection,
  { base }: { base: string },
): Shown {
  return {
    id: collection.uid,
    title: collection.title,
    slug: collection.slug,
    description: collection.description ?? '',
    private: collection.private === 1,
    user_id: owner.uid,
    username: owner.login,
    date: Math.floor(collection.created_ms / 1000),
    url: collectionAddress(base, collection),
    asset_count: collection.items_count,
    watched: isWatched,
    notable: collection.notable === 1,
  }
}
