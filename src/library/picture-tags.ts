import type { Context } from '../context.ts'
import { LibraryError } from './errors.ts'
import type { Page, Paged } from './page.ts'
import { pictureTagsByNames, popularPictureTags, type PictureTag } from './store/picture-tags.ts'
import { tagsByNames } from './store/tag-lists.ts'
import { cleanTagName } from './tags.ts'

export { pictureTagsByNames, type PictureTag } from './store/picture-tags.ts'

/** One page of the tags that pictures carry, the most used first. */
export function listPictureTags(ctx: Pick<Context, 'db'>, page: Page): Promise<Paged<PictureTag>> {
  return popularPictureTags(ctx.db, page)
}

/**
 * The tag of this name, written in any way that means it, or of this alias.
 *
 * @throws LibraryError `not_found`, also for a tag that only pictures carry which are not for everybody.
 */
export async function findPictureTag({ db }: Pick<Context, 'db'>, name: string): Promise<PictureTag> {
  const asked = cleanTagName(name)
  const tag = (await tagsByNames(db, [asked])).get(asked)
  const found = tag && (await pictureTagsByNames(db, [tag.name])).get(tag.name)
  if (found === undefined) throw new LibraryError({ kind: 'not_found', what: 'tag' })
  return found
}
