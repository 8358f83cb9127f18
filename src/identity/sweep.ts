import type { Context } from '../context.ts'
import { SESSION_IDLE_MS } from './sessions.ts'
import { deleteSpentRequests } from './store/desktop-requests.ts'
import { deleteSpentCodes } from './store/grants.ts'
import { deleteSpentSessions } from './store/sessions.ts'
import { deleteSpentTokens } from './store/tokens.ts'

/** Spent codes and tokens are kept so long, for their second use to be noticed. */
const KEEP_MS = 30 * 86_400_000

/** Removes sessions, codes and tokens that nobody can use any more. Returns how many. For a daily job. */
export async function sweepIdentity(ctx: Pick<Context, 'db' | 'clock'>): Promise<number> {
  const nowMs = ctx.clock().getTime()
  const sessions = await deleteSpentSessions(ctx.db, nowMs, nowMs - SESSION_IDLE_MS)
  const codes = await deleteSpentCodes(ctx.db, nowMs - KEEP_MS)
  const tokens = await deleteSpentTokens(ctx.db, nowMs - KEEP_MS)
  const requests = await deleteSpentRequests(ctx.db, nowMs - KEEP_MS)
  return sessions + codes + tokens + requests
}
