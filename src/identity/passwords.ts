import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { IdentityError } from './errors.ts'
import { credentialsById, credentialsByLogin, storePasswordHash } from './store/accounts.ts'
import { deleteSessionsOf } from './store/sessions.ts'
import { createTurns } from './turns.ts'

/** OWASP password storage: Argon2id (the library's default), at least 19 MiB, 2 passes, 1 lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const SHORTEST = 8
const LONGEST = 1024

/** Of a random password nobody has: an unknown login is checked against it, so that it costs the same. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$lMrYIZOr2g+GT3BVqXpZwg$PSkT7yQXvxjxhazZqJoPM+xtICKIfatifwI8Nu+5zxA'

/** Two hashes at a time, so that sign-ins cannot take the machine down; the rest of the line is about a second long. */
const inTurn = createTurns({ atOnce: 2, waiting: 64 })

/** Loaded at the first password, not at start. */
const argon2 = () => import('@node-rs/argon2')

/** One text for what people type on different keyboards. */
const normal = (password: string) => password.normalize('NFKC')

/** @throws IdentityError `invalid` when a new password is too short or too long; characters are counted. */
export function checkPassword(password: string): void {
  const characters = Array.from(normal(password)).length
  if (characters < SHORTEST) throw refuse(`is too short (at least ${SHORTEST} characters)`)
  if (characters > LONGEST) throw refuse(`is too long (at most ${LONGEST} characters)`)
}

const refuse = (problem: string) =>
  new IdentityError({ kind: 'invalid', problems: [{ field: 'password', problem }] })

/** @throws IdentityError `invalid`, or `busy` when too many hashes wait. */
export function hashPassword(password: string): Promise<string> {
  checkPassword(password)
  return inTurn(async () => (await argon2()).hash(normal(password), COST))
}

/**
 * The account that this login and password belong to, or null: unknown login, wrong password, no password and
 * suspended account take the same time and look the same.
 *
 * @throws IdentityError `busy`.
 */
export async function verifyPassword(db: Db, login: string, password: string): Promise<number | null> {
  const account = await credentialsByLogin(db, login.toLowerCase())
  const right = await matches(account?.password_hash ?? null, password)
  return account && right && !account.suspended ? account.id : null
}

/** The same for somebody who is signed in and is asked again. */
export async function verifyPasswordOf(db: Db, accountId: number, password: string): Promise<boolean> {
  const account = await credentialsById(db, accountId)
  const right = await matches(account?.password_hash ?? null, password)
  return right && !account?.suspended
}

/**
 * Gives an account a new password and ends its sessions, all but the one kept (its `hash`).
 *
 * @throws IdentityError `invalid` or `busy`.
 */
export async function setPassword(
  ctx: Pick<Context, 'db'>,
  accountId: number,
  password: string,
  keepSession: string | null = null,
): Promise<void> {
  const passwordHash = await hashPassword(password)
  await ctx.db.transaction().execute(async (db) => {
    await storePasswordHash(db, accountId, passwordHash)
    await deleteSessionsOf(db, accountId, keepSession)
  })
}

async function matches(passwordHash: string | null, password: string): Promise<boolean> {
  // Longer than any password there is; no need to hash megabytes to know.
  const asked = password.length > 2 * LONGEST ? '' : normal(password)
  const right = await inTurn(async () => (await argon2()).verify(passwordHash ?? NOBODY, asked))
  return right && passwordHash !== null
}
