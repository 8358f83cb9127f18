import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { mediaSigner } from '../../faces/media-files.ts'
import type { LoadedItem } from '../../library/loaded-items.ts'
import type { AccountRow, CollectionRow } from '../../library/rows.ts'
import { callOf } from './call.ts'
import { textRenderer } from './html.ts'
import type { Showing } from './presenters/shots-v2.ts'

/** What an answer will show: every text that may mention somebody. */
export interface Shown {
  items?: readonly LoadedItem[]
  accounts?: readonly AccountRow[]
  collections?: readonly CollectionRow[]
  texts?: readonly (string | null)[]
}

/** Prepares the presenters of one answer: the address it was reached by, signatures, and the texts' renderer. */
export async function showingOf(ctx: Context, request: FastifyRequest, shown: Shown): Promise<Showing> {
  const { items = [], accounts = [], collections = [], texts = [] } = shown
  const { base } = callOf(request)
  const people = [
    ...accounts,
    ...items.flatMap(({ owner, team }) => (team === null ? [owner] : [owner, team])),
  ]
  const lists = [...collections, ...items.flatMap(({ projects }) => projects)]
  const html = await textRenderer(ctx.db, base, [
    ...items.map(({ item }) => item.description),
    ...people.map(({ bio }) => bio),
    ...lists.map(({ description }) => description),
    ...texts,
  ])
  return { base, sign: mediaSigner(ctx), html }
}
