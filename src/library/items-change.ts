import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { Visibility } from '../database/schema/items.ts'
import { isVisible, mayChange } from './access.ts'
import { dayProblems } from './days.ts'
import { LibraryError, type Problem } from './errors.ts'
import { refuseProblems } from './fields.ts'
import { itemFieldProblems, scheduleProblems, teamProblems, type ItemFields } from './item-checks.ts'
import { textOrNull } from './items-add.ts'
import type { ItemRow } from './rows.ts'
import { accountById } from './store/accounts.ts'
import { recordChange } from './store/changes.ts'
import { changeTags, keepSourceChange } from './store/histories.ts'
import { lockRows } from './store/ids.ts'
import { itemById, itemToChange, recountRebounds, updateItem, type ItemChangeRow } from './store/items.ts'
import { cleanTagNames } from './tags.ts'
import type { Viewer } from './viewer.ts'

/** What is given changes, what is left out stays; null empties. */
export interface ItemChange extends ItemFields {
  /** The whole new set. */
  tags?: readonly string[]
  teamId?: number | null
  /** Another time to be published at, or null for now. Ignored once the item is published. */
  scheduledAt?: Date | null
  lowProfile?: boolean
  visibility?: Extract<Visibility, 'public' | 'private'>
  anonymous?: boolean
  /** The picture is to be the one of the day in `takenOn`. */
  oneADay?: boolean
  /** Parts of `content` by name; the others stay as they are. */
  contentParts?: Record<string, unknown>
}

/**
 * Changes an item, all or nothing.
 *
 * @throws LibraryError `not_found` if there is no such item for the viewer, `not_allowed` if it is not theirs,
 *   `invalid` with everything that is wrong.
 */
export async function changeItem(
  ctx: Pick<Context, 'db' | 'clock' | 'queue'>,
  viewer: Viewer,
  id: number,
  input: ItemChange,
): Promise<void> {
  const { tags: given, ...change } = input
  const tags = given && cleanTagNames(given)
  await ctx.db.transaction().execute(async (db) => {
    const now = ctx.clock()
    if (change.oneADay) await lockOwner(db, id)
    const item = await itemToChange(db, id)
    if (!item || !isVisible(viewer, item)) throw new LibraryError({ kind: 'not_found', what: 'item' })
    if (!mayChange(viewer, item))
      throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'change' })
    const whole = withContentParts(item, change)
    refuseProblems([...itemFieldProblems(whole, tags), ...(await relationProblems(db, item, whole, now))])

    const columns = {
      ...fieldColumns(whole),
      ...scheduleColumns(item, change, now),
      updated_ms: now.getTime(),
    }
    await updateItem(db, id, columns)
    const author = { by: viewer.accountId, at: now }
    if (tags) await changeTags(db, author, id, tags)
    const { source_url: source = item.source_url } = columns
    await keepSourceChange(db, author, id, { old: item.source_url, new: source })
    await recordChange(db, now, { noun: 'item', id, op: 'change' })
    await recountRebounds(db, [item.rebound_of])
    if (columns.scheduled_ms)
      await ctx.queue.enqueue(db, {
        kind: 'publish-scheduled',
        payload: {},
        runAt: new Date(columns.scheduled_ms),
      })
  })
}

/** Rows of accounts are locked before those of items, everywhere. */
async function lockOwner(db: Db, id: number): Promise<void> {
  const item = await itemById(db, id)
  if (item) await lockRows(db, 'account', [item.owner_id])
}

function withContentParts(item: ItemRow, change: ItemChange): ItemChange {
  if (change.contentParts === undefined) return change
  const content: unknown = JSON.parse(item.content)
  return { ...change, content: Object.assign({}, content, change.contentParts) }
}

async function relationProblems(db: Db, item: ItemRow, change: ItemChange, now: Date): Promise<Problem[]> {
  const problems = [
    ...(await teamProblems(db, item.owner_id, change.teamId)),
    ...(await newDayProblems(db, item, change, now)),
  ]
  const owner = change.scheduledAt && item.published_ms === null && (await accountById(db, item.owner_id))
  if (!owner || !change.scheduledAt) return problems
  return [...problems, ...(await scheduleProblems(db, owner, change.scheduledAt, now))]
}

/** A day that the item has already is not asked about again: it may share it, given through another face. */
async function newDayProblems(
  db: Db,
  item: ItemRow,
  { oneADay, takenOn }: ItemChange,
  now: Date,
): Promise<Problem[]> {
  const owner = oneADay && takenOn && takenOn !== item.taken_on ? await accountById(db, item.owner_id) : null
  return owner && takenOn ? dayProblems(db, owner, { takenOn, exceptItem: item.id }, now) : []
}

function fieldColumns(change: ItemChange): ItemChangeRow {
  const columns: ItemChangeRow = {}
  if (change.title !== undefined) columns.title = textOrNull(change.title)
  if (change.description !== undefined) columns.description = textOrNull(change.description)
  if (change.sourceUrl !== undefined) columns.source_url = textOrNull(change.sourceUrl)
  if (change.takenOn !== undefined) columns.taken_on = textOrNull(change.takenOn)
  if (change.content !== undefined) columns.content = JSON.stringify(change.content)
  if (change.teamId !== undefined) columns.team_id = change.teamId
  if (change.lowProfile !== undefined) columns.low_profile = change.lowProfile ? 1 : 0
  if (change.anonymous !== undefined) columns.anonymous = change.anonymous ? 1 : 0
  if (change.visibility !== undefined) columns.visibility = change.visibility
  return columns
}

function scheduleColumns(item: ItemRow, { scheduledAt }: ItemChange, now: Date) {
  if (scheduledAt === undefined || item.published_ms !== null) return {}
  return scheduledAt === null
    ? { scheduled_ms: null, published_ms: now.getTime() }
    : { scheduled_ms: scheduledAt.getTime() }
}
