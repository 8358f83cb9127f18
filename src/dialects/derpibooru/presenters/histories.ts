import type { Made, SourceChangeRow, TagChangeRow } from '../../../library/histories.ts'
import { timestamp } from '../addresses.ts'
import type { Showing } from './images.ts'

/** Whoever cannot be named has the name of nobody, as with images, so that `user` is always a text. */
function presentMaker({ account }: Pick<Made<unknown>, 'account'>, { anonymousName }: Showing) {
  return { user_id: account?.id ?? null, user: account?.name ?? anonymousName }
}

export function presentTagChange(made: Made<TagChangeRow>, showing: Showing) {
  const { id, item_id, tag_name, added, created_ms } = made.change
  return {
    id,
    image_id: item_id,
    tag: tag_name,
    added: added === 1,
    ...presentMaker(made, showing),
    created_at: timestamp(created_ms),
  }
}

export function presentSourceChange(made: Made<SourceChangeRow>, showing: Showing) {
  const { id, item_id, old_source, new_source, created_ms } = made.change
  return {
    id,
    image_id: item_id,
    old_source_url: old_source,
    new_source_url: new_source,
    ...presentMaker(made, showing),
    created_at: timestamp(created_ms),
  }
}
