import type { AccountRow, AttachmentRow, ItemRow, RenditionRow } from '../../library/rows.ts'

/** The sizes of a shot (Get a shot, "Images"), and the rendition each one is. */
export const SIZES = { hidpi: 'crop-800x600', normal: 'crop-400x300', teaser: 'crop-200x150' } as const
export type SizeName = keyof typeof SIZES

/**
 * A title as part of an address: case kept, punctuation dropped, `-` between words. Empty for a title without
 * letters or digits of the Latin alphabet.
 */
export function titleSlug(title: string | null): string {
  const words = (title ?? '').normalize('NFKD').replaceAll(/[^\w\s-]|_/g, '')
  return words
    .trim()
    .replaceAll(/[\s-]+/g, '-')
    .slice(0, 80)
    .replaceAll(/^-+|-+$/g, '')
}

/** The page of a shot: `/shots/471756-Sasquatch`, or the bare id when the title gives no slug. */
export function shotPage(base: string, { id, title }: Pick<ItemRow, 'id' | 'title'>): string {
  const slug = titleSlug(title)
  return `${base}/shots/${id}${slug === '' ? '' : `-${slug}`}`
}

export const accountPage = (base: string, { login }: Pick<AccountRow, 'login'>) =>
  `${base}/${encodeURIComponent(login)}`

/** The avatar's address; the number after `?` changes with the picture, so that it can be kept for long. */
export function avatarAddress(base: string, account: Pick<AccountRow, 'id' | 'updated_ms'>): string {
  return `${base}/users/${account.id}/avatars/normal/avatar.png?${Math.floor(account.updated_ms / 1000)}`
}

/** File name of one size: the largest has the bare name, `_1x` is the normal one beside it, `_teaser` the small one. */
export function sizeFileName(
  item: ItemRow,
  size: SizeName,
  rendition: Pick<RenditionRow, 'format'>,
  hasHidpi: boolean,
) {
  const mark = { hidpi: '', normal: hasHidpi ? '_1x' : '', teaser: '_teaser' }[size]
  return `${fileStem(item)}${mark}.${extensionOf(rendition.format)}`
}

function fileStem({ file_name: name, title }: ItemRow): string {
  const stem = titleSlug((name ?? '').replace(/\.[^.]*$/, '')).toLowerCase()
  return stem || titleSlug(title).toLowerCase() || 'shot'
}

export const extensionOf = (format: string) => (format === 'jpeg' ? 'jpg' : format)

export function pictureAddress(base: string, item: ItemRow, fileName: string): string {
  return `${base}/users/${item.owner_id}/screenshots/${item.id}/${encodeURIComponent(fileName)}`
}

export function attachmentAddress(base: string, item: ItemRow, attachment: AttachmentRow, part = ''): string {
  const folder = `${base}/users/${item.owner_id}/screenshots/${item.id}/attachments/${attachment.id}`
  return `${folder}${part}/${encodeURIComponent(attachment.file_name)}`
}
