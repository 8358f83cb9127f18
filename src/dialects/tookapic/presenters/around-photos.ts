import { timestamp } from '../../../faces/timestamps.ts'
import type { LoadedComment } from '../../../library/comments.ts'
import type { PictureTag } from '../../../library/picture-tags.ts'
import type { DatedAccount } from '../../../library/reactions.ts'
import { tagAddress } from '../addresses.ts'

/** The comment object. What people read and write is `content`. */
export function presentComment({ comment, account }: LoadedComment) {
  return {
    id: comment.id,
    content: comment.body,
    username: account.login,
    photo_id: comment.item_id,
    count_likes: comment.likes_count,
    created_at: timestamp(comment.created_ms),
  }
}

/** The like object: who, and when. */
export function presentLike({ id, account, created_ms: ms }: DatedAccount, photoId: number) {
  return { id, username: account.login, photo_id: photoId, created_at: timestamp(ms) }
}

/** The tag object. A tag that nobody else sees a photo of counts none. */
export function presentTag(base: string, { name, pictures }: Pick<PictureTag, 'name' | 'pictures'>) {
  return { name, url: tagAddress(base, name), count_photos: pictures }
}
