import { readableAddress, type MediaSigner } from '../../../faces/media-files.ts'
import type { LoadedItem } from '../../../library/items.ts'
import type { OriginalHashes } from '../../../library/original-hashes.ts'
import { timestamp, versionAddress, versionNames, viewAddress } from '../addresses.ts'

/** What every object of an answer is written with. */
export interface Showing {
  /** What pages' addresses begin with. */
  base: string
  /** What pictures' addresses begin with. */
  media: string
  sign: MediaSigner
  /** Shown for whoever does not want to be named. */
  anonymousName: string
}

/** An item with everything the image object shows. */
export interface Image {
  loaded: LoadedItem
  /** A to Z by name. */
  tags: readonly { id: number; name: string }[]
  /** The slugs of the tags in display order. */
  slugs: readonly string[]
  hashes: OriginalHashes
}

/** The drawn picture that stands for an item without one. */
const DRAWN = { width: 300, height: 300, format: 'png', mime_type: 'image/png' } as const

/** The image of every list, and of its own page without what only that adds. Keys in the order they were served in. */
export function presentImage(image: Image, showing: Showing) {
  const { item, owner } = image.loaded
  const anonymous = item.anonymous === 1
  const { width, height } = sidesOf(image)
  return {
    ...presentDates(image),
    ...presentTags(image),
    uploader_id: anonymous ? null : owner.id,
    score: item.upvotes_count - item.downvotes_count,
    upvotes: item.upvotes_count,
    downvotes: item.downvotes_count,
    faves: item.faves_count,
    comment_count: item.comments_count,
    tag_count: image.tags.length,
    width,
    height,
    file_name: item.file_name ?? '',
    description: item.description ?? '',
    uploader: anonymous ? showing.anonymousName : owner.name,
    image: viewOf(image, showing),
    aspect_ratio: width / height,
    original_format: item.format ?? DRAWN.format,
    mime_type: item.mime_type ?? DRAWN.mime_type,
    sha512_hash: image.hashes.shown,
    orig_sha512_hash: image.hashes.uploaded,
    source_url: item.source_url,
    representations: representationsOf(image, showing),
    is_rendered: item.state === 'ready',
    is_optimized: item.state === 'ready',
  }
}

/**
 * What is told of a removed or merged image: "limited information" with "either deletion_reason or duplicate_of"
 * (Image Index, `deleted`).
 */
export function presentHidden(image: Image) {
  const { item, owner } = image.loaded
  const told = {
    ...presentDates(image),
    ...presentTags(image),
    uploader_id: item.anonymous === 1 ? null : owner.id,
  }
  return item.visibility === 'merged' && item.merged_into !== null
    ? { ...told, duplicate_of: item.merged_into }
    : { ...told, deletion_reason: item.removal_reason ?? 'None specified' }
}

/** The image as far as it may be told. */
export function presentAny(image: Image, showing: Showing) {
  return isHidden(image) ? presentHidden(image) : presentImage(image, showing)
}

export const isHidden = ({ loaded: { item } }: Pick<Image, 'loaded'>) =>
  item.visibility === 'removed' || item.visibility === 'merged'

function presentDates({ loaded: { item } }: Image) {
  return {
    id: item.id,
    created_at: timestamp(item.created_ms),
    updated_at: timestamp(item.updated_ms),
    first_seen_at: timestamp(item.first_seen_ms),
  }
}

function presentTags({ tags }: Image) {
  return { tags: tags.map(({ name }) => name).join(', '), tag_ids: tags.map(({ id }) => id) }
}

/** Sides in pixels; those of the drawn picture where an item has none. */
export function sidesOf({ loaded: { item } }: Pick<Image, 'loaded'>): { width: number; height: number } {
  return { width: item.width ?? DRAWN.width, height: item.height ?? DRAWN.height }
}

export function viewOf({ loaded: { item }, slugs }: Image, { media, sign }: Showing): string {
  return readableAddress(viewAddress(media, item, slugs), item, sign)
}

/** All eight versions; a picture smaller than a box has the address all the same, and stays as it is there. */
function representationsOf(image: Image, showing: Showing): Record<string, string> {
  const { item } = image.loaded
  const versions = versionNames.map((name) => [
    name,
    readableAddress(versionAddress(showing.media, item, name), item, showing.sign),
  ])
  const full = viewOf(image, showing)
  const moving = item.format === 'webm' || item.format === 'mp4' ? { [item.format]: full } : {}
  return { ...Object.fromEntries(versions), full, ...moving }
}
