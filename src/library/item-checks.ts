import type { Config } from '../config.ts'
import type { Db } from '../database/open.ts'
import { isVisible } from './access.ts'
import { isBlocked } from './blocks.ts'
import { isCalendarDay } from './calendar.ts'
import { LibraryError, type Problem } from './errors.ts'
import { fieldProblems, urlProblems } from './fields.ts'
import { limits } from './limits.ts'
import type { AccountRow } from './rows.ts'
import { countItemsSince, itemById } from './store/items.ts'
import { tagProblems } from './tags.ts'
import { isMember, memberOfAnyTeam } from './teams.ts'
import type { Viewer } from './viewer.ts'

/** The parts of an item that its owner writes. */
export interface ItemFields {
  title?: string | null
  description?: string | null
  sourceUrl?: string | null
  /** Calendar day `YYYY-MM-DD`. */
  takenOn?: string | null
  /** What only some kinds have: text, url, embed … */
  content?: Record<string, unknown>
}

/** Everything that is wrong with the fields by themselves. `tags` are cleaned already. */
export function itemFieldProblems(fields: ItemFields, tags: readonly string[] | undefined): Problem[] {
  return [
    ...fieldProblems('title', fields.title, { most: limits.titleChars }),
    ...fieldProblems('description', fields.description, { most: limits.descriptionChars }),
    ...(fields.sourceUrl ? urlProblems('source_url', fields.sourceUrl) : []),
    ...(fields.takenOn && !isCalendarDay(fields.takenOn)
      ? [{ field: 'taken_on', problem: 'must be a day such as 2026-03-04' }]
      : []),
    ...contentProblems(fields.content),
    ...(tags ? tagProblems(tags) : []),
  ]
}

function contentProblems(content: Record<string, unknown> | undefined): Problem[] {
  if (!content || Buffer.byteLength(JSON.stringify(content)) <= limits.contentBytes) return []
  return [{ field: 'content', problem: `is too large (at most ${limits.contentBytes} bytes)` }]
}

/** v2 shots, "team_id": the team must be the owner's, or be the owner. */
export async function teamProblems(
  db: Db,
  ownerId: number,
  teamId: number | null | undefined,
): Promise<Problem[]> {
  if (teamId === null || teamId === undefined || teamId === ownerId) return []
  if (await isMember(db, teamId, ownerId)) return []
  return [{ field: 'team_id', problem: 'is not a team that the account belongs to' }]
}

/**
 * v2 shots, "rebound_source_id": the item must be there for the viewer, and its owner must not block the rebounder.
 * One sentence for all of it, so that nothing is said about items that are not for the viewer.
 */
export async function reboundProblems(
  db: Db,
  viewer: Viewer,
  { ownerId, reboundOf }: { ownerId: number; reboundOf?: number | null },
): Promise<Problem[]> {
  if (reboundOf === null || reboundOf === undefined) return []
  const source = await itemById(db, reboundOf)
  if (source && isVisible(viewer, source) && !(await isBlocked(db, source.owner_id, ownerId))) return []
  return [{ field: 'rebound_of', problem: 'is not an item that can be rebounded' }]
}

/**
 * v2 shots, "Scheduling": for pro accounts, teams and members of teams, and not for the past.
 *
 * @throws LibraryError `not_allowed` when the owner is none of these.
 */
export async function scheduleProblems(db: Db, owner: AccountRow, when: Date, now: Date): Promise<Problem[]> {
  const entitled = owner.pro === 1 || owner.kind === 'team' || (await memberOfAnyTeam(db, owner.id))
  if (!entitled) throw new LibraryError({ kind: 'not_allowed', what: 'item', action: 'schedule' })
  return when > now ? [] : [{ field: 'scheduled_at', problem: 'must be in the future' }]
}

/** @throws LibraryError `too_many` when a member has added as many items as a day or a month (UTC) allows. */
export async function checkQuota(db: Db, config: Config, owner: AccountRow, now: Date): Promise<void> {
  if (owner.role !== 'member') return
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
  const spans = [
    {
      name: 'daily',
      most: config.VITRINE_UPLOADS_PER_DAY,
      from: Date.UTC(year, month, day),
      end: Date.UTC(year, month, day + 1),
    },
    {
      name: 'monthly',
      most: config.VITRINE_UPLOADS_PER_MONTH,
      from: Date.UTC(year, month),
      end: Date.UTC(year, month + 1),
    },
  ]
  for (const { name, most, from, end } of spans) {
    if (most === 0 || (await countItemsSince(db, owner.id, from)) < most) continue
    const retryAfterSeconds = Math.ceil((end - now.getTime()) / 1000)
    throw new LibraryError({
      kind: 'too_many',
      problem: `reached the ${name} limit of ${most} items`,
      retryAfterSeconds,
    })
  }
}
