import type { LineOf } from './lines.ts'
import type { ValueOf } from './schemas.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { insertAccounts, insertMemberships, takenAccountIds } from './store/accounts.ts'
import { logChanges } from './store/bulk.ts'
import { accountsNamed, type AccountName } from './store/names.ts'

/** People and teams. One whose login is here stays as it is. */
export async function importAccounts(step: Step, lines: readonly LineOf<'account'>[]): Promise<void> {
  const { db, startedAt } = step
  const logins = lines.flatMap(({ value }) => [value.login, ...(value.members ?? [])])
  const known = await accountsNamed(db, logins)
  const taken = await takenAccountIds(
    db,
    lines.flatMap(({ value }) => value.id ?? []),
  )
  const fresh = sift(step, lines, (value, line) => {
    const problem = accountProblem(value, known)
    if (problem !== null) return problem
    if (known.has(value.login.toLowerCase())) step.present.add(line.number)
    return {}
  }).filter(({ line }) => !step.present.has(line.number))

  const ids = await insertAccounts(
    db,
    fresh.map(({ line: { value } }) => accountRow(value, taken, startedAt)),
  )
  const members = fresh.flatMap(({ line: { value } }) =>
    (value.members ?? []).flatMap((login) => {
      const team_id = ids.get(value.login.toLowerCase())
      const account_id = known.get(login.toLowerCase())?.id
      return team_id === undefined || account_id === undefined
        ? []
        : [{ team_id, account_id, created_ms: startedAt.getTime() }]
    }),
  )
  await insertMemberships(db, members)
  await logChanges(
    db,
    startedAt,
    [...ids.values()].map((id) => ({ noun: 'account', id, op: 'create' })),
  )
}

function accountProblem(value: ValueOf<'account'>, known: ReadonlyMap<string, AccountName>): string | null {
  const { login, kind = 'person', members = [] } = value
  const there = known.get(login.toLowerCase())
  if (there && there.kind !== kind) return `the account ${login} is here already and is a ${there.kind}`
  const missing = members.find((member) => !known.has(member.toLowerCase()))
  if (missing !== undefined) return noSuch('account', missing)
  const team = members.find((member) => known.get(member.toLowerCase())?.kind === 'team')
  return team === undefined ? null : `names the team ${team} as a member`
}

function accountRow(value: ValueOf<'account'>, taken: ReadonlySet<number>, now: Date) {
  const created = msOf(value.created_at) ?? now.getTime()
  return {
    ...(value.id === undefined || taken.has(value.id) ? {} : { id: value.id }),
    login: value.login,
    login_key: value.login.toLowerCase(),
    name: value.name ?? value.login,
    kind: value.kind ?? 'person',
    role: value.role ?? 'member',
    pro: value.pro ? (1 as const) : (0 as const),
    bio: value.bio?.trim() ? value.bio : null,
    location: value.location?.trim() ? value.location : null,
    links: JSON.stringify(value.links ?? {}),
    created_ms: created,
    updated_ms: created,
  }
}
