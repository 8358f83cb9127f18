import type { Db } from '../../database/open.ts'
import { counted, type Page, type Paged } from '../page.ts'
import type { AccountRow } from '../rows.ts'
import { accountsByIds } from './accounts.ts'
import { totalOf } from './total-of.ts'

/** False when the account was a member already. */
export async function insertMembership(
  db: Db,
  row: { team_id: number; account_id: number; created_ms: number },
): Promise<boolean> {
  const inserted = await db
    .insertInto('membership')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('team_id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** False when the account was no member. */
export async function deleteMembership(db: Db, teamId: number, accountId: number): Promise<boolean> {
  const deleted = await db
    .deleteFrom('membership')
    .where('team_id', '=', teamId)
    .where('account_id', '=', accountId)
    .returning('team_id')
    .executeTakeFirst()
  return deleted !== undefined
}

/** The members of a team, those who joined first at the top. */
export async function membersOf(db: Db, teamId: number, page: Page): Promise<Paged<AccountRow>> {
  const rows = await db
    .selectFrom('membership')
    .innerJoin('account', 'account.id', 'membership.account_id')
    .selectAll('account')
    .where('membership.team_id', '=', teamId)
    .orderBy('membership.created_ms')
    .orderBy('account.id')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return counted(rows, page, () => totalOf(db.selectFrom('membership').where('team_id', '=', teamId)))
}

/** The teams of many accounts, oldest team first, keyed by account. An account without teams has no key. */
export async function teamsOf(db: Db, accountIds: readonly number[]): Promise<Map<number, AccountRow[]>> {
  const teams = new Map<number, AccountRow[]>()
  if (accountIds.length === 0) return teams
  const rows = await db
    .selectFrom('membership')
    .selectAll()
    .where('account_id', 'in', [...new Set(accountIds)])
    .orderBy('team_id')
    .execute()
  const accounts = await accountsByIds(
    db,
    rows.map(({ team_id }) => team_id),
  )
  for (const { account_id, team_id } of rows) {
    const team = accounts.get(team_id)
    if (team) teams.set(account_id, [...(teams.get(account_id) ?? []), team])
  }
  return teams
}

export async function isMember(db: Db, teamId: number, accountId: number): Promise<boolean> {
  const row = await db
    .selectFrom('membership')
    .select('team_id')
    .where('team_id', '=', teamId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row !== undefined
}

export async function memberOfAnyTeam(db: Db, accountId: number): Promise<boolean> {
  const row = await db
    .selectFrom('membership')
    .select('team_id')
    .where('account_id', '=', accountId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
