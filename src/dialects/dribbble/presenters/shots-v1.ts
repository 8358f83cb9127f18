import { timestamp } from '../../../faces/timestamps.ts'
import type { AccountTotals } from '../../../library/accounts.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import type { AccountRow } from '../../../library/rows.ts'
import { shotPage } from '../addresses.ts'
import { imagesOf, sidesOf } from './images.ts'
import { isAnimated, type Showing } from './shots-v2.ts'
import { presentUser as presentAccount } from './users-v1.ts'

/** What a presenter of API v1 needs beside the thing itself. */
export interface ShowingV1 extends Showing {
  /** What an account that is shown has gathered. */
  totalsOf: (account: Pick<AccountRow, 'id'>) => AccountTotals
  /** How many buckets hold an item. */
  bucketsOf: (itemId: number) => number
  /** Texts as their authors typed them, under other names, instead of HTML (custom media types, `text`). */
  plainTexts: boolean
}

/** What a list leaves out because its address says it already. */
export type LeftOut = 'user' | 'team' | null

/** The shot object of API v1 (Shots, "Get a shot"). Unlike in v2, `team` is null when there is none. */
export function presentShot(loaded: LoadedItem, showing: ShowingV1, leftOut: LeftOut = null) {
  const { item, owner, team } = loaded
  const address = `${showing.base}/v1/shots/${item.id}`
  return {
    id: item.id,
    title: item.title,
    ...presentText('description', item.description, showing),
    ...sidesOf(loaded),
    images: imagesOf(loaded, showing),
    views_count: item.views_count,
    likes_count: item.faves_count,
    comments_count: item.comments_count,
    attachments_count: item.attachments_count,
    rebounds_count: item.rebounds_count,
    buckets_count: showing.bucketsOf(item.id),
    // The time that v2 calls `published_at`.
    created_at: timestamp(item.published_ms ?? item.created_ms),
    updated_at: timestamp(item.updated_ms),
    html_url: shotPage(showing.base, item),
    attachments_url: `${address}/attachments`,
    buckets_url: `${address}/buckets`,
    comments_url: `${address}/comments`,
    likes_url: `${address}/likes`,
    projects_url: `${address}/projects`,
    rebounds_url: `${address}/rebounds`,
    // Only on rebounds (Shots, "List rebounds for a shot").
    ...(item.rebound_of === null
      ? {}
      : { rebound_source_url: `${showing.base}/v1/shots/${item.rebound_of}` }),
    animated: isAnimated(loaded),
    tags: loaded.tags,
    ...(leftOut === 'user' ? {} : { user: presentUser(owner, showing) }),
    ...(leftOut === 'team' ? {} : { team: team && presentUser(team, showing) }),
  }
}

export const presentUser = (account: AccountRow, showing: ShowingV1) =>
  presentAccount(account, showing.totalsOf(account), showing)

/** An author's text: HTML under its name, or with the media type `text` as it was typed, under `…_text`. */
export function presentText(
  name: 'description' | 'body',
  text: string | null,
  { html, plainTexts }: ShowingV1,
) {
  if (!plainTexts) return { [name]: html.paragraphs(text) }
  return { [`${name}_text`]: text === null || text.trim() === '' ? null : text }
}
