import { sql, type RawBuilder } from 'kysely'
import type { Db } from '../../database/open.ts'
import { lockRows } from './ids.ts'

export type CountedTable = 'account' | 'collection' | 'comment' | 'item' | 'tag'

const reactions = (sort: string) =>
  sql`(select count(*) from reaction where reaction.item_id = item.id and reaction.sort = ${sort})`

/** Every stored counter and what it counts. `views_count` counts what leaves no rows. */
const counters: Record<CountedTable, Record<string, RawBuilder<unknown>>> = {
  account: {
    followers_count: sql`(select count(*) from follow where follow.followee_id = account.id)`,
    followings_count: sql`(select count(*) from follow where follow.follower_id = account.id)`,
  },
  collection: {
    items_count: sql`(select count(*) from collection_item where collection_item.collection_id = collection.id)`,
  },
  comment: {
    likes_count: sql`(select count(*) from comment_like where comment_like.comment_id = comment.id)`,
  },
  item: {
    faves_count: reactions('fave'),
    upvotes_count: reactions('upvote'),
    downvotes_count: reactions('downvote'),
    comments_count: sql`(select count(*) from comment where comment.item_id = item.id)`,
    rebounds_count: sql`(select count(*) from item as other where other.rebound_of = item.id
      and other.state = 'ready' and other.visibility = 'public' and other.published_ms is not null)`,
    attachments_count: sql`(select count(*) from attachment
      where attachment.item_id = item.id and attachment.state = 'ready')`,
  },
  tag: {
    items_count: sql`(select count(*) from item_tag where item_tag.tag_id = tag.id)`,
  },
}

export interface WrongCounter {
  id: number
  column: string
  stored: number
  /** What it should be. */
  counted: number
}

type CounterRow = Record<string, number | string | null> & { id: number }

/**
 * Compares the counters of some rows, in the order of their ids.
 *
 * @returns The wrong ones, and the last id looked at; null when there are no more rows.
 */
export async function compareCounters(
  db: Db,
  table: CountedTable,
  after: number,
  limit: number,
): Promise<{ wrong: WrongCounter[]; last: number | null; rows: number }> {
  const columns = Object.entries(counters[table])
  const counted = columns.map(([name, count]) => sql`${sql.ref(name)}, ${count} as ${sql.id(`real_${name}`)}`)
  const stated = table === 'item' ? sql`, stated_counts` : sql``
  const { rows } = await sql<CounterRow>`
    select id, ${sql.join(counted)} ${stated} from ${sql.table(table)}
    where id > ${after} order by id limit ${limit}`.execute(db)

  const wrong = rows.flatMap((row) =>
    columns.flatMap(([column]) => {
      const real = Number(row[`real_${column}`]) + statedBeyond(row['stated_counts'], column)
      const stored = Number(row[column])
      return stored === real ? [] : [{ id: row.id, column, stored, counted: real }]
    }),
  )
  return { wrong, last: rows.at(-1)?.id ?? null, rows: rows.length }
}

/** Counts one counter anew and stores it. */
export async function mendCounter(db: Db, table: CountedTable, { id, column }: WrongCounter): Promise<void> {
  const count = counters[table][column]
  if (!count) throw new Error(`There is no counter ${column}.`)
  await lockRows(db, table, [id])
  const beyond = table === 'item' ? statedBeyond(await statedCounts(db, id), column) : 0
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${count} + ${sql.lit(beyond)}
    where id = ${id}`.execute(db)
}

async function statedCounts(db: Db, id: number): Promise<string | null> {
  const row = await db.selectFrom('item').select('stated_counts').where('id', '=', id).executeTakeFirst()
  return row?.stated_counts ?? null
}

/** What an archive stated beyond what is here: `{ "faves": 12 }` for `faves_count`. */
function statedBeyond(stated: string | number | null | undefined, column: string): number {
  if (typeof stated !== 'string') return 0
  const counts: unknown = JSON.parse(stated)
  const name = column.replace(/_count$/, '')
  const beyond = Number(Object.entries(Object(counts)).find(([key]) => key === name)?.[1] ?? 0)
  return Number.isSafeInteger(beyond) ? beyond : 0
}
