import { sql, type RawBuilder } from 'kysely'
import { engineOf } from '../../database/engine.ts'
import type { Db } from '../../database/open.ts'
import { listed } from '../access.ts'

/** Tags of an item, the rarest first. */
export function rarestTags(
  db: Db,
  itemId: number,
  most: number,
): Promise<{ id: number; items_count: number }[]> {
  return db
    .selectFrom('item_tag')
    .innerJoin('tag', 'tag.id', 'item_tag.tag_id')
    .select(['tag.id', 'tag.items_count'])
    .where('item_tag.item_id', '=', itemId)
    .where('tag.items_count', '>', 1)
    .orderBy('tag.items_count')
    .orderBy('tag.id')
    .limit(most)
    .execute()
}

/** Which of these tags the newest listed items have that have any of them; not more than `most` rows of a tag. */
export async function itemsSharing(
  db: Db,
  { itemId, tagIds, most }: { itemId: number; tagIds: readonly number[]; most: number },
): Promise<{ item_id: number; tag_id: number }[]> {
  const found: { item_id: number; tag_id: number }[] = []
  for (const tagId of tagIds)
    found.push(
      ...(await db
        .selectFrom('item_tag')
        .innerJoin('item', 'item.id', 'item_tag.item_id')
        .select(['item_tag.item_id', 'item_tag.tag_id'])
        .where('item_tag.tag_id', '=', tagId)
        .where('item_tag.item_id', '!=', itemId)
        .where(listed())
        .orderBy('item_tag.item_id', 'desc')
        .limit(most)
        .execute()),
    )
  return found
}

/** The mean luma (0 to 255) of the quarters of a picture. */
export interface Intensities {
  nw: number
  ne: number
  sw: number
  se: number
}

const quarters = ['nw', 'ne', 'sw', 'se'] as const

/** Listed items each of whose quarters is about as bright, the nearest first. */
export async function itemsAsBright(
  db: Db,
  wanted: { intensities: Intensities; distance: number; aspectRatio: number | null },
  limit: number,
): Promise<number[]> {
  const { intensities, distance, aspectRatio } = wanted
  const brightness = brightnessIn(db)
  const apart = quarters.map((quarter) => {
    const by = sql`(${brightness(quarter)} - ${intensities[quarter]})`
    return sql`${by} * ${by}`
  })
  const rows = await db
    .selectFrom('item')
    .select('id')
    .where('intensities', 'is not', null)
    .where(listed())
    .where((eb) =>
      eb.and(
        quarters.map(
          (quarter) =>
            sql<boolean>`${brightness(quarter)} between ${intensities[quarter] - distance}
              and ${intensities[quarter] + distance}`,
        ),
      ),
    )
    .$if(aspectRatio !== null, (qb) =>
      qb.where(
        sql<boolean>`height > 0 and abs(width * 1.0 / nullif(height, 0) - ${aspectRatio ?? 0}) <= ${ratioDistance}`,
      ),
    )
    .orderBy(sql`${sql.join(apart, sql` + `)}`)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Pictures of one shape, scaled, differ by what rounding their sides does. */
const ratioDistance = 0.05

/** As the index of migration 0003 has it. */
function brightnessIn(db: Db): (quarter: (typeof quarters)[number]) => RawBuilder<number> {
  if (engineOf(db) === 'sqlite')
    return (quarter) => sql<number>`json_extract(intensities, ${sql.lit(`$.${quarter}`)})`
  return (quarter) => sql<number>`((intensities::json ->> ${sql.lit(quarter)})::double precision)`
}
