import { sql, type RawBuilder } from 'kysely'

/** How sure the bound is: 99.5 % on one side (the service's help page on sorting by Wilson score). */
const z = 2.57583

/** The lower bound of the share of upvotes that so many votes speak for; 0 without votes. */
export function wilsonScore(up: number, down: number): number {
  if (up < 0 || down < 0 || up + down === 0) return 0
  const n = up + down
  const share = up / n
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * n)) / n)
  return (share + (z * z) / (2 * n) - spread) / (1 + (z * z) / n)
}

/** The same of an item's counters, step by step, so that it is the same number to the last bit. */
export function wilsonColumn(): RawBuilder<number> {
  const double = (value: RawBuilder<unknown>) => sql<number>`cast(${value} as double precision)`
  const up = double(sql`item.upvotes_count`)
  const n = double(sql`(item.upvotes_count + item.downvotes_count)`)
  const share = sql`(${up} / ${n})`
  const zz = double(sql`${z * z}`)
  const spread = sql`(${double(sql`${z}`)}
    * sqrt((${share} * (1 - ${share}) + ${zz} / (4 * ${n})) / ${n}))`
  const bound = sql`((${share} + ${zz} / (2 * ${n}) - ${spread}) / (1 + ${zz} / ${n}))`
  return sql<number>`case when item.upvotes_count < 0 or item.downvotes_count < 0
      or item.upvotes_count + item.downvotes_count = 0
    then cast(0 as double precision) else ${bound} end`
}
