import { timestamp } from '../../../faces/timestamps.ts'
import type { LoadedComment } from '../../../library/comments.ts'
import type { AccountRow, AttachmentRow, CollectionRow, ItemRow } from '../../../library/rows.ts'
import { presentText, presentUser, type ShowingV1 } from './shots-v1.ts'
import { presentAttachment as presentAttachmentV2, presentProject, type Showing } from './shots-v2.ts'

/**
 * A like or a follow, bare as the check and the write give it back; lists put what it is about behind it. It has an
 * id and a time of its own, it is never the user or shot itself.
 */
export function presentTie({ id, created_ms: createdMs }: { id: number; created_ms: number }) {
  return { id, created_at: timestamp(createdMs) }
}

/** The comment object (API v1, Comments, "Get a single comment"). */
export function presentComment({ comment, account }: LoadedComment, showing: ShowingV1) {
  return {
    id: comment.id,
    ...presentText('body', comment.body, showing),
    likes_count: comment.likes_count,
    likes_url: `${showing.base}/v1/shots/${comment.item_id}/comments/${comment.id}/likes`,
    created_at: timestamp(comment.created_ms),
    updated_at: timestamp(comment.updated_ms),
    user: presentUser(account, showing),
  }
}

/** A bucket or a project as lists of their owner show it; both have the same fields in both versions. */
export const presentCollection = presentProject

/** The same with its owner, who is `user` wherever the address does not say whose it is. */
export function presentOwnedCollection(collection: CollectionRow, owner: AccountRow, showing: ShowingV1) {
  return { ...presentCollection(collection, showing), user: presentUser(owner, showing) }
}

/** The attachment object of API v1 (Attachments, "Get a single attachment"): v2 has no `views_count`. */
export function presentAttachment(attachment: AttachmentRow, item: ItemRow, showing: Showing) {
  const { created_at: createdAt, ...shared } = presentAttachmentV2(attachment, item, showing)
  return { ...shared, views_count: attachment.views_count, created_at: createdAt }
}
