import type { AccountRow, ItemRow } from '../../library/rows.ts'
import type { BoxName } from '../../library/renditions.ts'

/** The sizes of a photo: the thumbnail is the centre of the picture, the two others are the whole of it in a box. */
export const THUMBNAIL = 'crop-400x300'
export const BOXES = { medium: 'fit-800x600', large: 'fit-1280x1024' } as const satisfies Record<
  string,
  BoxName
>
export type SizeName = 'thumb' | keyof typeof BOXES

/** `medium.jpg`: the size in words, and the extension that the original's format would have. */
export const sizeFileName = (size: SizeName, { format }: Pick<ItemRow, 'format'>) =>
  `${size}.${extensionOf(format)}`

/** The size that a file name means, whatever its extension; null for a name of another kind. */
export function sizeNamed(file: string): SizeName | null {
  const size = /^(thumb|medium|large)\.[a-z]{3,4}$/.exec(file)?.[1]
  return size === 'thumb' || size === 'medium' || size === 'large' ? size : null
}

/** What has no picture is drawn as a PNG; smaller versions of AVIF pictures are WebP. */
function extensionOf(format: string | null): string {
  if (format === null) return 'png'
  return { jpeg: 'jpg', avif: 'webp' }[format] ?? format
}

export const pictureAddress = (base: string, item: ItemRow, size: SizeName) =>
  `${base}/images/${item.id}/${sizeFileName(size, item)}`

/** The avatar's address; the number after `?` changes with the picture, so that it can be kept for long. */
export const avatarAddress = (base: string, { id, updated_ms: ms }: Pick<AccountRow, 'id' | 'updated_ms'>) =>
  `${base}/images/avatars/${id}.png?${Math.floor(ms / 1000)}`

/** Pages for people, which are the library's own. */
export const photoPage = (pages: string, { id }: Pick<ItemRow, 'id'>) => `${pages}/items/${id}`
export const userPage = (pages: string, { login }: Pick<AccountRow, 'login'>) =>
  `${pages}/people/${encodeURIComponent(login)}`

/** A tag's address is that of its photos. */
export const tagAddress = (base: string, name: string) => `${base}/tags/${encodeURIComponent(name)}`
