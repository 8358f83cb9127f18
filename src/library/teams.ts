import type { Context } from '../context.ts'
import { findAccount } from './accounts.ts'
import { invalid } from './errors.ts'
import { recordChange } from './store/changes.ts'
import { deleteMembership, insertMembership } from './store/teams.ts'

export { isMember, memberOfAnyTeam, membersOf, teamsOf } from './store/teams.ts'

/**
 * Makes a person a member of a team; nothing happens when they are one.
 *
 * @throws LibraryError `not_found`; `invalid` when the first is no team or the second is one.
 */
export async function addMember(
  ctx: Pick<Context, 'db' | 'clock'>,
  teamRef: string | number,
  accountRef: string | number,
): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (db) => {
    const team = await findAccount(db, teamRef)
    const account = await findAccount(db, accountRef)
    if (team.kind !== 'team') throw invalid('team', 'is a person')
    if (account.kind !== 'person') throw invalid('account', 'is a team')
    const row = { team_id: team.id, account_id: account.id, created_ms: now.getTime() }
    if (await insertMembership(db, row))
      await recordChange(db, now, { noun: 'team', id: team.id, op: 'change' })
  })
}

/** Ends a membership; nothing happens when there is none. @throws LibraryError `not_found`. */
export async function removeMember(
  ctx: Pick<Context, 'db' | 'clock'>,
  teamRef: string | number,
  accountRef: string | number,
): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    const team = await findAccount(db, teamRef)
    const account = await findAccount(db, accountRef)
    if (await deleteMembership(db, team.id, account.id))
      await recordChange(db, ctx.clock(), { noun: 'team', id: team.id, op: 'change' })
  })
}
