import type { AccountRow, ItemRow } from '../../library/rows.ts'
import type { BoxName } from '../../library/renditions.ts'

/**
 * The names of an image's versions, in the order of the documented object, and the box each one fits into. `full`
 * is the picture itself.
 */
export const VERSIONS = {
  thumb_tiny: 'fit-50x50',
  thumb_small: 'fit-150x150',
  thumb: 'fit-250x250',
  small: 'fit-320x240',
  medium: 'fit-800x600',
  large: 'fit-1280x1024',
  tall: 'fit-1024x4096',
} as const satisfies Record<string, BoxName>
export type VersionName = keyof typeof VERSIONS

export const versionNames: readonly VersionName[] = [
  'thumb_tiny',
  'thumb_small',
  'thumb',
  'small',
  'medium',
  'large',
  'tall',
]

/** Characters that the decoration of a file name may take; what does not fit is left out, tag by tag. */
const PRETTY_CHARS = 150

/** `2016-09-13T21:54:32.750Z`: ISO 8601 in UTC with milliseconds. */
export const timestamp = (ms: number) => new Date(ms).toISOString()

/** The page of an image, which is also what its short form leads to. */
export const imagePage = (base: string, { id }: Pick<ItemRow, 'id'>) => `${base}/${id}`

/**
 * An address for answers: without its scheme where that is https on the usual port, because clients of this API put
 * `https:` before it; whole where leaving it out would lead elsewhere.
 */
export function mediaBase(base: string): string {
  const usual = /^https:\/\/(?:[^/:[\]]+|\[[^\]]*\])(?:\/|$)/.test(base)
  return usual ? base.slice('https:'.length) : base
}

/** `2016/9/13`, month and day without a leading zero. */
function dayOf({ created_ms }: Pick<ItemRow, 'created_ms'>): string {
  const at = new Date(created_ms)
  return `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()}`
}

type Dated = Pick<ItemRow, 'id' | 'created_ms' | 'format'>

/** `//host/img/2016/9/13/1248664/thumb.png` */
export function versionAddress(media: string, item: Dated, version: VersionName | 'full'): string {
  const extension = version === 'full' ? extensionOf(item.format) : stillExtension(item.format)
  return `${media}/img/${dayOf(item)}/${item.id}/${version}.${extension}`
}

/** The picture itself under its telling name: `//host/img/view/2016/9/13/1248664__safe_artist-colon-ada.png`. */
export function viewAddress(media: string, item: Dated, slugs: readonly string[]): string {
  return `${media}/img/view/${dayOf(item)}/${prettyName(item, slugs)}`
}

/** The short form of the same. */
export function shortViewAddress(media: string, item: Dated, extension = extensionOf(item.format)): string {
  return `${media}/img/view/${dayOf(item)}/${item.id}.${extension}`
}

/** Id, two underscores, the tags' slugs in display order; nothing may depend on more than the id. */
export function prettyName(item: Pick<ItemRow, 'id' | 'format'>, slugs: readonly string[]): string {
  let decoration = ''
  for (const slug of slugs) {
    if (decoration.length + slug.length + 1 > PRETTY_CHARS) break
    decoration += `_${slug}`
  }
  return `${item.id}${decoration === '' ? '' : `_${decoration}`}.${extensionOf(item.format)}`
}

/** What an item without a picture shows is drawn as a PNG. */
export const extensionOf = (format: string | null) => format ?? 'png'

/** Smaller versions of a drawing are raster pictures; AVIF ones are WebP. */
function stillExtension(format: string | null): string {
  if (format === 'avif') return 'webp'
  return format === null || format === 'svg' ? 'png' : format
}

/** The avatar's address; the number after `?` changes with the picture, so that it can be kept for long. */
export function avatarAddress(media: string, account: Pick<AccountRow, 'id' | 'updated_ms'>): string {
  return `${media}/avatars/${account.id}/avatar.png?${Math.floor(account.updated_ms / 1000)}`
}
