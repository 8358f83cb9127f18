import { randomBytes } from 'node:crypto'
import { timeZoneNamed } from '../../library/calendar.ts'
import type { LineOf } from '../format/lines.ts'
import type { ValueOf } from '../format/schemas.ts'
import { msOf, noSuch, sift, type Step } from './step.ts'
import { insertAccounts, insertMemberships, takenUids } from '../store/accounts.ts'
import { insertPastZones } from '../store/beside.ts'
import { logChanges } from '../store/bulk.ts'
import { accountsNamed, type AccountName } from '../store/names.ts'
import { takenIds } from '../store/numbered.ts'

/** People and teams. One whose login is here stays as it is. */
export async function importAccounts(step: Step, lines: readonly LineOf<'account'>[]): Promise<void> {
  const { db, startedAt } = step
  const logins = lines.flatMap(({ value }) => [value.login, ...(value.members ?? [])])
  const known = await accountsNamed(db, logins)
  const taken = {
    ids: await takenIds(
      db,
      'account',
      lines.flatMap(({ value }) => value.id ?? []),
    ),
    uids: await takenUids(
      db,
      lines.flatMap(({ value }) => value.uid ?? []),
    ),
  }
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
  const made = fresh.map(({ line: { value } }) => ({ value, id: ids.get(value.login.toLowerCase()) ?? 0 }))
  await insertMemberships(
    db,
    made.flatMap((one) => memberRows(one, known, startedAt)),
  )
  await insertPastZones(db, made.flatMap(zoneRows))
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

interface Made {
  value: ValueOf<'account'>
  id: number
}

function memberRows({ value, id }: Made, known: ReadonlyMap<string, AccountName>, now: Date) {
  const since = new Map(value.members_since?.map((one) => [one.login.toLowerCase(), msOf(one.since)]))
  return (value.members ?? []).flatMap((login) => {
    const account_id = known.get(login.toLowerCase())?.id
    const created_ms = since.get(login.toLowerCase()) ?? now.getTime()
    return account_id === undefined ? [] : [{ team_id: id, account_id, created_ms }]
  })
}

const zoneRows = ({ value, id }: Made) =>
  (value.past_time_zones ?? []).map(({ time_zone, until }) => ({
    account_id: id,
    until_ms: msOf(until),
    time_zone: timeZoneNamed(time_zone) ?? time_zone,
  }))

interface Taken {
  ids: ReadonlySet<number>
  uids: ReadonlySet<string>
}

function accountRow(value: ValueOf<'account'>, taken: Taken, now: Date) {
  const created = msOf(value.created_at) ?? now.getTime()
  const { id, uid } = value
  return {
    ...(id === undefined || taken.ids.has(id) ? {} : { id }),
    uid: uid === undefined || taken.uids.has(uid) ? randomBytes(16).toString('hex') : uid,
    login: value.login,
    login_key: value.login.toLowerCase(),
    name: value.name ?? value.login,
    kind: value.kind ?? 'person',
    role: value.role ?? 'member',
    pro: value.pro ? (1 as const) : (0 as const),
    bio: value.bio?.trim() ? value.bio : null,
    location: value.location?.trim() ? value.location : null,
    links: JSON.stringify(value.links ?? {}),
    may_upload: value.may_upload === false ? (0 as const) : (1 as const),
    suspended: value.suspended ? (1 as const) : (0 as const),
    stellar: value.stellar ? (1 as const) : (0 as const),
    time_zone: value.time_zone === undefined ? null : timeZoneNamed(value.time_zone),
    created_ms: created,
    updated_ms: msOf(value.updated_at) ?? created,
  }
}
