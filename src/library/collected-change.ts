import type { Context } from '../context.ts'
import { hashtagsOf } from './hashtags.ts'
import { changeItem } from './items-change.ts'
import type { Viewer } from './viewer.ts'

export interface CollectedChange {
  title?: string
  /** Its hashtags are the whole new set of tags. */
  description?: string
  private?: boolean
}

/**
 * Changes the fields given and leaves the others alone.
 *
 * @throws LibraryError `not_found`, `not_allowed` unless it is the viewer's, `invalid`.
 */
export function changeCollected(
  ctx: Pick<Context, 'db' | 'clock' | 'queue'>,
  viewer: Viewer,
  id: number,
  { title, description, private: isPrivate }: CollectedChange,
): Promise<void> {
  return changeItem(ctx, viewer, id, {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description, tags: hashtagsOf(description) }),
    ...(isPrivate === undefined ? {} : { visibility: isPrivate ? 'private' : 'public' }),
  })
}
