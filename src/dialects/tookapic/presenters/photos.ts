import { readableAddress, type MediaSigner } from '../../../faces/media-files.ts'
import { storedList, storedParts } from '../../../faces/stored-json.ts'
import { timestamp } from '../../../faces/timestamps.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import type { ItemRow } from '../../../library/rows.ts'
import { photoPage, pictureAddress, type SizeName } from '../addresses.ts'
import { presentCamera, readCamera } from './camera.ts'
import type { Places } from './users.ts'

/** What the presenter of a photo needs beside the photo. */
export interface Showing extends Places {
  sign: MediaSigner
  /** Which of its owner's days it is. */
  numberOf: (item: ItemRow) => number | null
  /** What the caller likes; null when nobody asks. */
  liked: ReadonlySet<number> | null
}

/**
 * The photo object. The page shows none: `title`, `url`, `image_thumb`, `username`, `count_likes` and `count_comments`
 * are what clients of the service read; the rest is our reading.
 */
export function presentPhoto({ item, owner }: LoadedItem, showing: Showing) {
  const image = (size: SizeName) =>
    readableAddress(pictureAddress(showing.base, item, size), item, showing.sign)
  return {
    id: item.id,
    title: item.title,
    description: item.description,
    url: photoPage(showing.pages, item),
    username: owner.login,
    image_thumb: image('thumb'),
    count_likes: item.faves_count,
    count_comments: item.comments_count,
    number: showing.numberOf(item),
    taken_on: item.taken_on,
    created_at: timestamp(item.published_ms ?? item.created_ms),
    updated_at: timestamp(item.updated_ms),
    image: image('medium'),
    image_large: image('large'),
    width: item.width,
    height: item.height,
    color: coloursOf(item)[0]?.hex ?? null,
    count_views: item.views_count,
    place: placeOf(item),
    camera: presentCamera(readCamera(item)),
    is_liked: showing.liked && showing.liked.has(item.id),
  }
}

/** The colours of the picture, the most used first; `share` of all its visible pixels. */
export function coloursOf({ colours }: Pick<ItemRow, 'colours'>): { hex: string; share: number }[] {
  return storedList(colours).flatMap(({ hex, share }) =>
    typeof hex === 'string' && typeof share === 'number' ? [{ hex, share }] : [],
  )
}

/** Where its owner says it was taken. */
function placeOf({ content }: Pick<ItemRow, 'content'>): string | null {
  const { place } = storedParts(content)
  return typeof place === 'string' && place.trim() !== '' ? place : null
}
