import { engineOf } from '../../database/engine.ts'
import type { Db } from '../../database/open.ts'
import { visibleTo } from '../access.ts'
import { LibraryError } from '../errors.ts'
import type { ItemRow } from '../rows.ts'
import type { Viewer } from '../viewer.ts'

/** The row of an item the viewer may see. @throws LibraryError `not_found`. */
export async function visibleItem(db: Db, viewer: Viewer, id: number): Promise<ItemRow> {
  const row = await db
    .selectFrom('item')
    .selectAll()
    .where('id', '=', id)
    .where(visibleTo(viewer))
    .executeTakeFirst()
  return row ?? refuseItem()
}

/** The same, locked until the end of the transaction: whoever changes its counters comes through here one by one. */
export async function lockVisibleItem(db: Db, viewer: Viewer, id: number): Promise<ItemRow> {
  const query = db.selectFrom('item').selectAll().where('id', '=', id).where(visibleTo(viewer))
  const locked = engineOf(db) === 'postgres' ? query.forNoKeyUpdate() : query
  return (await locked.executeTakeFirst()) ?? refuseItem()
}

function refuseItem(): never {
  throw new LibraryError({ kind: 'not_found', what: 'item' })
}
