import type { ReactionRow } from '../../../library/reactions.ts'

const TYPES = {
  fave: { interaction_type: 'faved', value: null },
  upvote: { interaction_type: 'voted', value: 'up' },
  downvote: { interaction_type: 'voted', value: 'down' },
  hide: { interaction_type: 'hidden', value: null },
} as const

/** What the caller has made of an image; every list of images carries these beside it. */
export function presentInteraction({ id, item_id, account_id, sort }: ReactionRow) {
  return { id, image_id: item_id, user_id: account_id, ...TYPES[sort] }
}
