import { XMLBuilder } from 'fast-xml-parser'
import { readableAddress } from '../../../faces/media-files.ts'
import { boxSize } from '../../../library/renditions.ts'
import { placeRendition, type Size } from '../../../media/geometry.ts'
import { imagePage, VERSIONS, versionAddress, versionNames, type VersionName } from '../addresses.ts'
import { sidesOf, viewOf, type Image, type Showing } from './images.ts'

/** "A cache age parameter is provided" (oEmbed), in seconds. */
export const CACHE_SECONDS = 7200

/** The largest sides that the embedding site has room for; null where it did not say. */
export interface Room {
  maxWidth: number | null
  maxHeight: number | null
}

/**
 * "the standard oEmbed photo attributes" and "derpibooru_id, derpibooru_score, derpibooru_comments" (oEmbed). The
 * replies of old had no `url`, `width` and `height`, which the oEmbed specification wants of a photo; they and the
 * thumbnail's sides come after what there was.
 */
export function presentOembed(image: Image, room: Room, showing: Showing) {
  const { item } = image.loaded
  const names = image.tags.map(({ name }) => name)
  const picture = chooseVersion(sidesOf(image), room)
  const address = addressOf(image, picture.version, showing)
  return {
    version: '1.0',
    type: 'photo',
    title: `#${item.id} - ${names.join(', ')} - Derpibooru`,
    author_url: item.source_url,
    author_name: artistAmong(names) ?? 'Unknown Artist',
    provider_name: 'Derpibooru',
    provider_url: imagePage(showing.base, item),
    cache_age: CACHE_SECONDS,
    derpibooru_id: item.id,
    derpibooru_score: item.upvotes_count - item.downvotes_count,
    derpibooru_comments: item.comments_count,
    derpibooru_tags: names,
    thumbnail_url: address,
    url: address,
    width: picture.width,
    height: picture.height,
    thumbnail_width: picture.width,
    thumbnail_height: picture.height,
  }
}

export type Oembed = ReturnType<typeof presentOembed>

/** One element per field; what is a list in JSON is the element as often as there are entries. */
export function oembedXml(answer: Oembed): string {
  const oembed: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(answer))
    oembed[name] = Array.isArray(value) ? value.map(xmlText) : xmlText(value ?? '')
  const body = new XMLBuilder({ suppressEmptyNode: true }).build({ oembed })
  return `<?xml version="1.0" encoding="utf-8"?>\n${body}\n`
}

/** Without what XML 1.0 cannot say. */
const xmlText = (value: string | number) =>
  String(value).replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')

/** What follows `artist:` in the first of the artist tags. */
export function artistAmong(names: readonly string[]): string | null {
  const [artist] = artistsAmong(names)
  return artist ?? null
}

export function artistsAmong(names: readonly string[]): string[] {
  return names.filter((name) => /^artist:./.test(name)).map((name) => name.slice('artist:'.length))
}

/**
 * The version to show in a room: the picture itself where it fits, else the largest version that does, else the smallest
 * there is. "these will return a fully formed thumbnail" (oEmbed); that it never exceeds a limit, and that one limit
 * alone counts, is how the oEmbed specification has it.
 */
export function chooseVersion(
  picture: Size,
  { maxWidth, maxHeight }: Room,
): Size & { version: VersionName | 'full' } {
  const fits = ({ width, height }: Size) =>
    width <= (maxWidth ?? Number.POSITIVE_INFINITY) && height <= (maxHeight ?? Number.POSITIVE_INFINITY)
  if (fits(picture)) return { version: 'full', width: picture.width, height: picture.height }
  const versions = versionNames.map((version) => {
    const { width, height } = placeRendition(picture, { ...boxSize(VERSIONS[version]), fit: 'inside' })
    return { version, width, height }
  })
  const [largest = versions[0]] = versions
    .filter(fits)
    .toSorted((one, other) => other.width * other.height - one.width * one.height)
  return largest ?? { version: 'thumb_tiny', width: picture.width, height: picture.height }
}

function addressOf(image: Image, version: VersionName | 'full', showing: Showing): string {
  const { item } = image.loaded
  if (version === 'full') return viewOf(image, showing)
  return readableAddress(versionAddress(showing.media, item, version), item, showing.sign)
}
