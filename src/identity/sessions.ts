import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { IdentityError } from './errors.ts'
import { hashSecret, newSecret, sameText, signature } from './secrets.ts'
import {
  deleteSession,
  deleteSessions,
  deleteSessionsOf,
  insertSession,
  sessionByHash,
  sessionsOfAccount,
  touchSession,
} from './store/sessions.ts'

const DAY_MS = 86_400_000
/** A session ends when nothing was heard of it for so long … */
export const SESSION_IDLE_MS = 30 * DAY_MS
/** … and in any case after so long. */
export const SESSION_LONGEST_MS = 180 * DAY_MS
/** `last_seen_ms` is as coarse as this, so that looking at a page seldom writes. */
const TOUCH_MS = 3_600_000
const MOST_PER_ACCOUNT = 100

/** A signed-in browser. */
export interface Session {
  /** Names the session where its secret must not be seen. */
  hash: string
  /** What every form of this session carries. */
  formToken: string
  account: { id: number; login: string; name: string; role: 'member' | 'moderator' | 'admin' }
}

/** One line of the list of sessions on the account page. */
export interface SessionSummary {
  hash: string
  startedAt: Date
  /** Exact to the hour. */
  lastSeenAt: Date
  userAgent: string | null
}

type Slice = Pick<Context, 'db' | 'clock'>

/** Signs an account in: always a new secret, whatever the browser held before. Returns the secret for the cookie. */
export async function startSession(ctx: Slice, accountId: number, userAgent: string | null): Promise<string> {
  const secret = newSecret()
  const nowMs = ctx.clock().getTime()
  await ctx.db.transaction().execute(async (db) => {
    await insertSession(db, {
      hash: hashSecret(secret),
      account_id: accountId,
      // Only its hash: the token itself follows from the secret in the cookie.
      created_ms: nowMs,
      last_seen_ms: nowMs,
      expires_ms: nowMs + SESSION_LONGEST_MS,
      user_agent: userAgent?.slice(0, 300) ?? null,
    })
    const others = await sessionsOfAccount(db, accountId)
    await deleteSessions(
      db,
      others.slice(MOST_PER_ACCOUNT).map(({ hash }) => hash),
    )
  })
  return secret
}

/** The session a cookie stands for; null when it is unknown, too old, or its account is suspended. */
export async function findSession(ctx: Slice, secret: string): Promise<Session | null> {
  if (!/^[0-9a-f]{64}$/.test(secret)) return null
  const row = await sessionByHash(ctx.db, hashSecret(secret))
  const nowMs = ctx.clock().getTime()
  if (!row || row.suspended || nowMs >= row.expires_ms || nowMs >= row.last_seen_ms + SESSION_IDLE_MS)
    return null
  if (nowMs >= row.last_seen_ms + TOUCH_MS) await touchSession(ctx.db, row.hash, nowMs)
  const { account_id, login, name, role } = row
  return { hash: row.hash, formToken: formTokenOf(secret), account: { id: account_id, login, name, role } }
}

/** Whether a form was made for this session. */
export function isFormToken(session: Session, given: string): boolean {
  return sameText(session.formToken, given)
}

/** The sessions of an account that are still good, the one used last first. */
export async function sessionsOf(ctx: Slice, accountId: number): Promise<SessionSummary[]> {
  const nowMs = ctx.clock().getTime()
  const rows = await sessionsOfAccount(ctx.db, accountId)
  return rows
    .filter((row) => nowMs < row.expires_ms && nowMs < row.last_seen_ms + SESSION_IDLE_MS)
    .map((row) => ({
      hash: row.hash,
      startedAt: new Date(row.created_ms),
      lastSeenAt: new Date(row.last_seen_ms),
      userAgent: row.user_agent,
    }))
}

/** @throws IdentityError `not_found` when the account has no such session. */
export async function endSession(db: Db, accountId: number, hash: string): Promise<void> {
  const ended = await deleteSession(db, accountId, hash)
  if (!ended) throw new IdentityError({ kind: 'not_found', what: 'session' })
}

/** Ends every session of an account but, when given, the one kept. */
export async function endSessions(db: Db, accountId: number, keep: string | null): Promise<void> {
  await deleteSessionsOf(db, accountId, keep)
}

const formTokenOf = (secret: string) => signature(secret, 'form')
