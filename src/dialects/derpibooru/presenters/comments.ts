import type { LoadedComment } from '../../../library/comments.ts'
import { timestamp } from '../addresses.ts'

/** Comments that were taken back are gone here, so `deleted` is always false. */
export function presentComment({ comment, account }: LoadedComment) {
  return {
    id: comment.id,
    body: comment.body,
    author: account.name,
    image_id: comment.item_id,
    posted_at: timestamp(comment.created_ms),
    deleted: false,
  }
}
