import { boxSize, type BoxName } from '../../library/renditions.ts'
import type { AccountRow, CollectionRow, ItemRow } from '../../library/rows.ts'
import { shortToken } from '../../library/short-tokens.ts'

/** The sizes of an image: `display` for looking at it, `stash` for a wall of many. */
export const BOXES = { display: 'fit-960x9600', stash: 'fit-300x9000' } as const satisfies Record<
  string,
  BoxName
>
export type SizeName = keyof typeof BOXES

/** What there is of an asset to fetch: the original, its sizes, and of a page its pictures. */
export type PartName = 'full' | SizeName | 'fullscreen' | 'thumb'

export const partAddress = (base: string, { uid }: Pick<ItemRow, 'uid'>, part: PartName) =>
  `${base}/media/${uid}/${part}`

/** The sides of an image of this size, as it will be when somebody asks for it. */
export function sidesOf({ width, height }: Pick<ItemRow, 'width' | 'height'>, size: SizeName) {
  if (width === null || height === null) return null
  const box = boxSize(BOXES[size])
  const scale = Math.min(1, box.width / width, box.height / height)
  return { w: Math.max(1, Math.round(width * scale)), h: Math.max(1, Math.round(height * scale)) }
}

export const avatarAddress = (base: string, { login }: Pick<AccountRow, 'login'>) =>
  `${base}/img/avatar/${encodeURIComponent(login)}`

export const shortAddress = (base: string, { id }: Pick<ItemRow, 'id'>) => `${base}/${shortToken(id)}`
export const viewAddress = (base: string, { uid }: Pick<ItemRow, 'uid'>) => `${base}/view/${uid}`
export const userAddress = (base: string, { login }: Pick<AccountRow, 'login'>) =>
  `${base}/user/${encodeURIComponent(login)}`
export const collectionAddress = (base: string, { uid, slug }: Pick<CollectionRow, 'uid' | 'slug'>) =>
  `${base}/collection/${uid}/${encodeURIComponent(slug)}`

/** Pages for people, which are the library's own. */
export const itemPage = (pages: string, { id }: Pick<ItemRow, 'id'>) => `${pages}/items/${id}`
export const personPage = (pages: string, login: string) => `${pages}/people/${encodeURIComponent(login)}`
