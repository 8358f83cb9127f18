import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { timeZoneNamed } from './calendar.ts'
import { moveZone, timeZoneProblems } from './days.ts'
import { LibraryError, type Problem } from './errors.ts'
import { fieldProblems, refuseProblems, urlProblems } from './fields.ts'
import {
  accountById,
  accountByLogin,
  insertAccount,
  updateAccount,
  type AccountChangeRow,
} from './store/accounts.ts'
import { recordChange } from './store/changes.ts'
import { lockRows, reserveIds } from './store/ids.ts'
import type { AccountRow } from './rows.ts'
import type { Viewer } from './viewer.ts'

export { accountTotals, NO_TOTALS, type AccountTotals } from './store/account-totals.ts'
export type { AccountRow } from './rows.ts'
export { accountsByIds, accountsByLogins } from './store/accounts.ts'

/** What a person may say about themselves. */
export interface Profile {
  name?: string
  bio?: string | null
  location?: string | null
  /** Name of the link (`web`, `twitter` …) to an http or https URL. */
  links?: Record<string, string>
  /** IANA name of a time zone, in any case of letters. */
  timeZone?: string
}

export interface NewAccount extends Profile {
  /** 1 to 60 letters, digits, `_`, `.` and `-`, beginning with a letter or digit: it stands in URLs. */
  login: string
  kind?: 'person' | 'team'
  role?: 'member' | 'moderator' | 'admin'
  pro?: boolean
  mayUpload?: boolean
  /** Kept when given. */
  id?: number
  createdAt?: Date
}

/** Role and the flags are for administrators to change. */
export interface AccountChange extends Profile {
  role?: 'member' | 'moderator' | 'admin'
  pro?: boolean
  mayUpload?: boolean
  suspended?: boolean
}

/** Who is asking, when it must be somebody. @throws LibraryError `not_signed_in`. */
export function signedIn(viewer: Viewer): number {
  if (viewer.accountId === null) throw new LibraryError({ kind: 'not_signed_in' })
  return viewer.accountId
}

/** What is wrong with a login, or null. */
export function loginProblem(login: string): string | null {
  if (login === '') return "can't be blank"
  if (login.length > 60) return 'is too long (at most 60 characters)'
  return /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(login)
    ? null
    : 'may hold letters, digits, "_", "." and "-", and begins with a letter or digit'
}

/** Everything that is wrong with what somebody says about themselves. */
export function profileProblems({ name, bio, location, links, timeZone }: Profile): Problem[] {
  const named = Object.entries(links ?? {})
  const odd = named.some(([key]) => !/^[a-z0-9_-]{1,40}$/i.test(key))
  return [
    ...fieldProblems('name', name, { required: true, most: 255 }),
    ...fieldProblems('bio', bio, { most: 20_000 }),
    ...fieldProblems('location', location, { most: 255 }),
    ...(named.length > 50 ? [{ field: 'links', problem: 'has too many entries (at most 50)' }] : []),
    ...(odd ? [{ field: 'links', problem: 'has a name that cannot be used' }] : []),
    ...named.slice(0, 50).flatMap(([, url]) => urlProblems('links', url)),
    ...timeZoneProblems(timeZone),
  ]
}

/**
 * Adds a person or a team, without a password.
 *
 * @throws LibraryError `invalid`; `conflict` when the login (in any case of letters) or the id is taken.
 */
export async function addAccount(ctx: Pick<Context, 'db' | 'clock'>, input: NewAccount): Promise<AccountRow> {
  const { login, name = login, kind = 'person', role = 'member', id } = input
  const problem = loginProblem(login)
  refuseProblems([...(problem === null ? [] : [{ field: 'login', problem }]), ...profileProblems(input)])

  const now = ctx.clock()
  const created = input.createdAt ?? now
  return ctx.db.transaction().execute(async (db) => {
    if (id !== undefined) await reserveIds(db, 'account', id)
    const account = await insertAccount(db, {
      ...(id === undefined ? {} : { id }),
      login,
      login_key: login.toLowerCase(),
      name,
      kind,
      role,
      pro: input.pro === true ? 1 : 0,
      may_upload: input.mayUpload === false ? 0 : 1,
      ...blankable({ bio: input.bio ?? null, location: input.location ?? null }),
      links: JSON.stringify(input.links ?? {}),
      time_zone: input.timeZone === undefined ? null : timeZoneNamed(input.timeZone),
      created_ms: created.getTime(),
      updated_ms: created.getTime(),
    })
    if (!account) throw new LibraryError({ kind: 'conflict', what: 'account', problem: 'is already taken' })
    await recordChange(db, now, { noun: 'account', id: account.id, op: 'create' })
    return account
  })
}

/**
 * The account somebody means: digits alone are an id first and a login second (Users, `:user`: a name or an id).
 *
 * @throws LibraryError `not_found`.
 */
export async function findAccount(db: Db, ref: string | number): Promise<AccountRow> {
  const id = typeof ref === 'number' ? ref : /^\d{1,15}$/.test(ref) ? Number(ref) : null
  const byId = id === null ? null : await accountById(db, id)
  const account = byId ?? (typeof ref === 'string' ? await accountByLogin(db, ref) : null)
  if (!account) throw new LibraryError({ kind: 'not_found', what: 'account' })
  return account
}

/**
 * Changes the fields given and leaves the others alone.
 *
 * @throws LibraryError `not_found`, `not_allowed` (not oneself, or a flag that only an administrator sets), `invalid`.
 */
export async function changeAccount(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  id: number,
  change: AccountChange,
): Promise<AccountRow> {
  const { role, pro, mayUpload, suspended } = change
  const flags = [role, pro, mayUpload, suspended].some((flag) => flag !== undefined)
  const refusal = { kind: 'not_allowed', what: 'account', action: 'change' } as const
  if (viewer.role !== 'admin' && (flags || viewer.accountId !== id)) throw new LibraryError(refusal)
  refuseProblems(profileProblems(change))

  const now = ctx.clock()
  return ctx.db.transaction().execute(async (db) => {
    await lockRows(db, 'account', [id])
    const account = await findAccount(db, id)
    const zone = change.timeZone && { time_zone: await moveZone(db, account, change.timeZone, now) }
    await updateAccount(db, id, { ...toRow(change), ...zone, updated_ms: now.getTime() })
    await recordChange(db, now, { noun: 'account', id, op: 'change' })
    return findAccount(db, id)
  })
}

function toRow({ name, bio, location, links, role, pro, mayUpload, suspended }: AccountChange) {
  const row: AccountChangeRow = blankable({ bio, location })
  if (name !== undefined) row.name = name
  if (links !== undefined) row.links = JSON.stringify(links)
  if (role !== undefined) row.role = role
  if (pro !== undefined) row.pro = pro ? 1 : 0
  if (mayUpload !== undefined) row.may_upload = mayUpload ? 1 : 0
  if (suspended !== undefined) row.suspended = suspended ? 1 : 0
  return row
}

/** A text of nothing but spaces is blank, which is null; what was not said stays unsaid. */
function blankable(texts: { bio?: string | null | undefined; location?: string | null | undefined }) {
  const row: { bio?: string | null; location?: string | null } = {}
  if (texts.bio !== undefined) row.bio = texts.bio?.trim() ? texts.bio : null
  if (texts.location !== undefined) row.location = texts.location?.trim() ? texts.location : null
  return row
}
