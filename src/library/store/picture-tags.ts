import type { Db } from '../../database/open.ts'
import { listed } from '../access.ts'
import { counted, type Page, type Paged } from '../page.ts'

/** A tag, and how many pictures that a stranger may see carry it. */
export interface PictureTag {
  id: number
  name: string
  pictures: number
}

const tagged = (db: Db) =>
  db
    .selectFrom('item_tag')
    .innerJoin('item', 'item.id', 'item_tag.item_id')
    .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
    .where('item.kind', '=', 'image')
    .where(listed())

const counting = (db: Db) =>
  tagged(db)
    .select(({ fn }) => ['tag.id', 'tag.name', fn.countAll<number>().as('pictures')])
    .groupBy(['tag.id', 'tag.name'])

/**
 * One page of the tags that pictures carry, the most used first. The stored counters count what nobody else sees
 * too, so they must not even put the tags in order.
 */
export async function popularPictureTags(db: Db, page: Page): Promise<Paged<PictureTag>> {
  const rows = await counting(db)
    .orderBy('pictures', 'desc')
    .orderBy('tag.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, async () => {
    const { n } = await tagged(db)
      .select(({ fn }) => fn.count<number>('tag.id').distinct().as('n'))
      .executeTakeFirstOrThrow()
    return n
  })
}

/** The same of some tags, keyed by name; one that no picture carries has no key. */
export async function pictureTagsByNames(db: Db, names: readonly string[]): Promise<Map<string, PictureTag>> {
  const wanted = [...new Set(names)]
  if (wanted.length === 0) return new Map()
  const rows = await counting(db).where('tag.name', 'in', wanted).execute()
  return new Map(rows.map((row) => [row.name, row]))
}
