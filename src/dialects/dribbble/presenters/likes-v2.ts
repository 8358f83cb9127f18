import { timestamp } from '../../../faces/timestamps.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import { accountPage, shotPage } from '../addresses.ts'
import { presentTie } from './gathered-v1.ts'
import { imagesOf, sidesOf } from './images.ts'
import type { Showing } from './shots-v2.ts'

/** A shot that need not be the caller's own (API v2, Popular Shots, "List popular shots"): much less of it. */
export function presentStranger(loaded: LoadedItem, showing: Showing) {
  const { item } = loaded
  const { width, height } = sidesOf(loaded)
  return {
    id: item.id,
    title: item.title,
    description: showing.html.paragraphs(item.description),
    images: imagesOf(loaded, showing),
    published_at: timestamp(item.published_ms ?? item.created_ms),
    html_url: shotPage(showing.base, item),
    // The documented example names the height first here.
    height,
    width,
  }
}

/** A like of the caller (API v2, Likes, "List the authenticated user's liked shots"); `user` is whose shot it is. */
export function presentLike(like: { id: number; created_ms: number }, loaded: LoadedItem, showing: Showing) {
  const { id, name, login } = loaded.owner
  return {
    ...presentTie(like),
    shot: presentStranger(loaded, showing),
    user: { id, name, login, html_url: accountPage(showing.base, loaded.owner) },
  }
}
