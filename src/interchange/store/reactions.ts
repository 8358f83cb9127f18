import { sql, type Insertable } from 'kysely'
import type { Db } from '../../database/open.ts'
import type { Schema } from '../../database/schema.ts'
import type { CommentRow } from '../../library/store/comments.ts'
import type { ReactionRow } from '../../library/store/reactions.ts'
import { gather, inPieces, numberTable } from './bulk.ts'
import { gatherNumbered } from './numbered.ts'

type ReactionName = Pick<ReactionRow, 'item_id' | 'account_id' | 'sort'>

/** The votes that these accounts have on these items, pair by pair. */
export function votesOf(db: Db, pairs: readonly Omit<ReactionName, 'sort'>[]): Promise<ReactionName[]> {
  return gather(pairs, async (piece) => {
    const asked = numberTable(piece.map(({ item_id, account_id }) => [item_id, account_id]))
    const { rows } = await sql<ReactionName>`
      select reaction.item_id, reaction.account_id, reaction.sort
      from (select * from ${asked} as given) as asked
      inner join reaction on reaction.item_id = asked.column1 and reaction.account_id = asked.column2
      where reaction.sort in ('upvote', 'downvote')`.execute(db)
    return rows
  })
}

/** Reactions that were not there yet. */
export function insertReactions(
  db: Db,
  rows: readonly Insertable<Schema['reaction']>[],
): Promise<ReactionName[]> {
  return gather(rows, (piece) =>
    db
      .insertInto('reaction')
      .values(piece)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['item_id', 'account_id', 'sort'])
      .execute(),
  )
}

type CommentName = Pick<CommentRow, 'item_id' | 'account_id' | 'created_ms'>

/** Comments that these accounts wrote at these times. */
export function commentsAt(
  db: Db,
  triples: readonly CommentName[],
): Promise<(CommentName & { body: string })[]> {
  return gather(triples, async (piece) => {
    const asked = numberTable(piece.map((row) => [row.item_id, row.account_id, row.created_ms]))
    const { rows } = await sql<CommentName & { body: string }>`
      select comment.item_id, comment.account_id, comment.created_ms, comment.body
      from (select * from ${asked} as given) as asked
      inner join comment on comment.item_id = asked.column1 and comment.account_id = asked.column2
        and comment.created_ms = asked.column3`.execute(db)
    return rows
  })
}

export function insertComments(
  db: Db,
  rows: readonly Insertable<Schema['comment']>[],
): Promise<(CommentName & { id: number; body: string })[]> {
  return gatherNumbered(rows, (piece) =>
    db
      .insertInto('comment')
      .values(piece)
      .returning(['id', 'item_id', 'account_id', 'created_ms', 'body'])
      .execute(),
  )
}

export async function statedCounts(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await gather(ids, (piece) =>
    db
      .selectFrom('item')
      .select(['id', 'stated_counts'])
      .where('id', 'in', piece)
      .where('stated_counts', 'is not', null)
      .execute(),
  )
  return new Map(
    rows.flatMap(({ id, stated_counts }) => (stated_counts === null ? [] : [[id, stated_counts]])),
  )
}

export async function setStatedCounts(db: Db, byId: ReadonlyMap<number, string>): Promise<void> {
  await inPieces([...byId], async (piece) => {
    const rows = piece.map(([id, text]) => sql`(cast(${id} as bigint), cast(${text} as text))`)
    await sql`update item set stated_counts = "by".column2
      from (select * from (values ${sql.join(rows)}) as given) as "by" where item.id = "by".column1`.execute(
      db,
    )
  })
}
