import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { checkApp, type AppFields } from './app-rules.ts'
import { IdentityError } from './errors.ts'
import { hashSecret, newSecret, sameText, signature } from './secrets.ts'
import {
  appByClientId,
  appById,
  appsOfOwner,
  deleteAppRow,
  insertApp,
  updateApp,
  type AppRow,
} from './store/apps.ts'
import { recordAppChange } from './store/changes.ts'
import { clientTokenOfApp, insertToken, revokeLiveToken } from './store/tokens.ts'

const MOST_PER_OWNER = 100

/** A registered application (an OAuth client). */
export interface App {
  id: number
  /** 64 hex digits. */
  clientId: string
  name: string
  description: string | null
  website: string | null
  owner: { id: number; login: string; name: string }
  redirectUri: string
  redirectBelow: boolean
  approved: boolean
  isPublic: boolean
  suspended: boolean
  createdAt: Date
}

/** Whether it keeps a secret is settled once: a public client that became another could be downgraded. */
export type NewApp = AppFields & { isPublic?: boolean }

/** What only the operator decides. */
export interface Verdict {
  /** Rights that an application must be approved for. */
  approved?: boolean
  /** Redirects to paths below the callback. */
  redirectBelow?: boolean
  suspended?: boolean
}

type Slice = Pick<Context, 'db' | 'clock' | 'secret'>

/**
 * Registers an application together with its client access token.
 *
 * @returns The client secret (64 hex digits) for the only time; a public client has none.
 * @throws IdentityError `invalid` with fields `name`, `redirect_uri`, `website`, `description`, `base`.
 */
export async function registerApp(
  ctx: Slice,
  ownerId: number,
  fields: NewApp,
  verdict: Verdict = {},
): Promise<{ app: App; clientSecret: string | null }> {
  const checked = checkApp(fields)
  const clientSecret = newSecret()
  const nowMs = ctx.clock().getTime()
  return ctx.db.transaction().execute(async (db) => {
    const others = await appsOfOwner(db, ownerId)
    if (others.length >= MOST_PER_OWNER)
      throw new IdentityError({
        kind: 'invalid',
        problems: [{ field: 'base', problem: `has ${MOST_PER_OWNER} applications already` }],
      })
    const id = await insertApp(db, {
      ...checked,
      client_id: newSecret(),
      client_secret_hash: hashSecret(clientSecret),
      owner_id: ownerId,
      is_public: fields.isPublic ? 1 : 0,
      approved: verdict.approved ? 1 : 0,
      redirect_below: verdict.redirectBelow ? 1 : 0,
      suspended: verdict.suspended ? 1 : 0,
      created_ms: nowMs,
    })
    await recordAppChange(db, id, 'create', nowMs)
    const app = await ownApp(db, ownerId, id)
    await insertClientToken({ ...ctx, db }, app, nowMs)
    return { app, clientSecret: fields.isPublic ? null : clientSecret }
  })
}

export async function appsOf(db: Db, ownerId: number): Promise<App[]> {
  return (await appsOfOwner(db, ownerId)).map(toApp)
}

/** @throws IdentityError `not_found` when the account owns no such application. */
export async function ownApp(db: Db, ownerId: number, id: number): Promise<App> {
  const app = await findApp(db, id)
  if (!app || app.owner.id !== ownerId) throw new IdentityError({ kind: 'not_found', what: 'app' })
  return app
}

export async function findApp(db: Db, id: number): Promise<App | null> {
  const row = await appById(db, id)
  return row ? toApp(row) : null
}

export async function findAppByClientId(db: Db, clientId: string): Promise<App | null> {
  const row = await appByClientId(db, clientId)
  return row ? toApp(row) : null
}

/** @throws IdentityError `invalid`, `not_found`. */
export async function changeApp(ctx: Slice, ownerId: number, id: number, fields: AppFields): Promise<App> {
  const checked = checkApp(fields)
  return ctx.db.transaction().execute(async (db) => {
    await ownApp(db, ownerId, id)
    await updateApp(db, id, checked)
    await recordAppChange(db, id, 'change', ctx.clock().getTime())
    return ownApp(db, ownerId, id)
  })
}

/** Changes what the verdict names. @throws IdentityError `not_found`. */
export function judgeApp(ctx: Slice, clientId: string, verdict: Verdict): Promise<App> {
  const { approved, redirectBelow, suspended } = verdict
  return ctx.db.transaction().execute(async (db) => {
    const app = await findAppByClientId(db, clientId)
    if (!app) throw new IdentityError({ kind: 'not_found', what: 'app' })
    await updateApp(db, app.id, {
      approved: (approved ?? app.approved) ? 1 : 0,
      redirect_below: (redirectBelow ?? app.redirectBelow) ? 1 : 0,
      suspended: (suspended ?? app.suspended) ? 1 : 0,
    })
    await recordAppChange(db, app.id, 'change', ctx.clock().getTime())
    return (await findApp(db, app.id)) ?? app
  })
}

/** A new client secret, shown this once; the old one stops working. Tokens already issued go on. */
export async function rotateSecret(ctx: Slice, ownerId: number, id: number): Promise<string> {
  const app = await ownApp(ctx.db, ownerId, id)
  if (app.isPublic)
    throw new IdentityError({
      kind: 'invalid',
      problems: [{ field: 'base', problem: 'is a public client, which has no secret' }],
    })
  const clientSecret = newSecret()
  await updateApp(ctx.db, id, { client_secret_hash: hashSecret(clientSecret) })
  return clientSecret
}

/** Removes an application with its grants and tokens. @throws IdentityError `not_found`. */
export function deleteApp(ctx: Slice, ownerId: number, id: number): Promise<void> {
  return ctx.db.transaction().execute(async (db) => {
    await ownApp(db, ownerId, id)
    await deleteAppRow(db, id)
    await recordAppChange(db, id, 'delete', ctx.clock().getTime())
  })
}

/**
 * The read-only token that every application shows its owner, and that acts as the owner with scope `public`
 * (OAuth, "Client Flow"). It can be shown again because it follows from the installation's secret; only its hash is
 * stored. Null when it was revoked or the installation's secret is another: reset it.
 */
export async function clientAccessToken(ctx: Slice, app: App): Promise<string | null> {
  const row = await clientTokenOfApp(ctx.db, app.id)
  if (!row || row.revoked_ms !== null) return null
  const token = clientTokenText(ctx, app, row.created_ms)
  return sameText(hashSecret(token), row.hash) ? token : null
}

/** A new client access token in place of the old one. @throws IdentityError `not_found`. */
export function resetClientToken(ctx: Slice, ownerId: number, id: number): Promise<string> {
  return ctx.db.transaction().execute(async (db) => {
    const app = await ownApp(db, ownerId, id)
    const old = await clientTokenOfApp(db, id)
    const nowMs = Math.max(ctx.clock().getTime(), (old?.created_ms ?? 0) + 1)
    if (old) await revokeLiveToken(db, old.id, nowMs)
    return insertClientToken({ ...ctx, db }, app, nowMs)
  })
}

async function insertClientToken(
  ctx: Pick<Slice, 'secret'> & { db: Db },
  app: App,
  nowMs: number,
): Promise<string> {
  const token = clientTokenText(ctx, app, nowMs)
  await insertToken(ctx.db, {
    hash: hashSecret(token),
    kind: 'client',
    app_id: app.id,
    account_id: app.owner.id,
    scopes: 'public',
    created_ms: nowMs,
  })
  return token
}

/** 64 hex digits like every other token. */
function clientTokenText(ctx: Pick<Slice, 'secret'>, app: App, createdMs: number): string {
  return hashSecret(signature(ctx.secret, `client token\n${app.clientId}\n${createdMs}`))
}

export function toApp(row: AppRow): App {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    description: row.description,
    website: row.website,
    owner: { id: row.owner_id, login: row.owner_login, name: row.owner_name },
    redirectUri: row.redirect_uri,
    redirectBelow: row.redirect_below === 1,
    approved: row.approved === 1,
    isPublic: row.is_public === 1,
    suspended: row.suspended === 1,
    createdAt: new Date(row.created_ms),
  }
}
