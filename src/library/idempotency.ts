import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { invalid, LibraryError } from './errors.ts'
import { limits } from './limits.ts'
import { answerOf, deleteAnswers, insertAnswer } from './store/idempotency.ts'

/** An answer is kept for a day. */
export const answerLifeMs = 24 * 60 * 60 * 1000

/** What was answered to a write, to be said again word for word. */
export interface StoredAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** One write as its sender named it. */
export interface Once {
  accountId: number
  key: string
  /** SHA-256 over method, path and parameters, 64 hex digits. */
  fingerprint: string
}

/** The same key came in twice at once; the other one has answered by now. */
class AnsweredMeanwhile extends Error {}

/**
 * The answer given under this key, or null.
 *
 * @throws LibraryError `conflict` when the key was used for another request.
 */
export async function recallAnswer(
  ctx: Pick<Context, 'db' | 'clock'>,
  { accountId, key, fingerprint }: Once,
): Promise<StoredAnswer | null> {
  if (key === '' || key.length > limits.idempotencyKeyChars || key.includes('\0'))
    throw invalid('idempotency_key', `must have 1 to ${limits.idempotencyKeyChars} characters`)

  const row = await answerOf(ctx.db, accountId, key)
  if (!row || row.created_ms < ctx.clock().getTime() - answerLifeMs) return null
  if (row.fingerprint !== fingerprint)
    throw new LibraryError({ kind: 'conflict', what: 'key', problem: 'was used for a different request' })
  return { status: row.status, headers: parseHeaders(row.headers), body: row.body }
}

/** Keeps an answer, in the transaction of the write it answers: the write and its answer exist together or not at all. */
export async function rememberAnswer(db: Db, at: Date, once: Once, answer: StoredAnswer): Promise<void> {
  const row = {
    account_id: once.accountId,
    key: once.key,
    fingerprint: once.fingerprint,
    status: answer.status,
    headers: JSON.stringify(answer.headers),
    body: answer.body,
    created_ms: at.getTime(),
  }
  if (!(await insertAnswer(db, row, at.getTime() - answerLifeMs))) throw new AnsweredMeanwhile()
}

/**
 * Does a write once per key: says the kept answer again, or does it and lets it keep its answer with
 * `rememberAnswer`. Of several at once, one does it and the others wait for its answer.
 */
export async function answerOnce(
  ctx: Pick<Context, 'db' | 'clock'>,
  once: Once,
  write: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const before = await recallAnswer(ctx, once)
  if (before) return before
  try {
    return await write()
  } catch (error) {
    // A refusal may come of what the other one has just done: the quota or the day it has used up.
    const mayBeTwin = error instanceof AnsweredMeanwhile || error instanceof LibraryError
    const after = mayBeTwin ? await recallAnswer(ctx, once) : null
    if (after) return after
    throw error
  }
}

/** Forgets answers that are too old to be said again. */
export async function forgetAnswers(ctx: Pick<Context, 'db' | 'clock'>): Promise<void> {
  await deleteAnswers(ctx.db, ctx.clock().getTime() - answerLifeMs)
}

function parseHeaders(text: string): Record<string, string> {
  const read: unknown = JSON.parse(text)
  return typeof read === 'object' && read !== null
    ? Object.fromEntries(Object.entries(read).map(textPair))
    : {}
}

const textPair = ([name, value]: [string, unknown]): [string, string] => [name, String(value)]
