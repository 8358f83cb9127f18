import type { Gallery } from '../../../library/galleries.ts'
import { timestamp } from '../addresses.ts'

/** @param imageIds Given when they were asked for (`include_images`). */
export function presentGallery({ collection, watchersCount }: Gallery, imageIds?: readonly number[]) {
  return {
    id: collection.id,
    title: collection.title,
    description: collection.description ?? '',
    spoiler_warning: collection.spoiler_warning ?? '',
    updated_at: timestamp(collection.updated_ms),
    created_at: timestamp(collection.created_ms),
    creator_id: collection.owner_id,
    watcher_count: watchersCount,
    image_count: collection.items_count,
    ...(imageIds === undefined ? {} : { image_ids: imageIds }),
  }
}
