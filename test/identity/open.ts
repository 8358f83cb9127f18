import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/open.ts'
import { registerApp, type App, type NewApp } from '../../src/identity/apps.ts'
import {
  approve,
  checkAuthorizationRequest,
  type AuthorizationRequest,
} from '../../src/identity/authorization.ts'
import type { AuthorizationPolicy, TokenPolicy } from '../../src/identity/policy.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { addAccount, type NewAccount } from '../../src/library/accounts.ts'

export const DAY_MS = 86_400_000

export const ASK: AuthorizationPolicy = {
  scopes: ['public', 'write', 'comment', 'upload'],
  defaultScopes: ['public'],
  unknownScopes: 'refuse',
  responseType: 'optional',
  codeSeconds: 600,
  badRedirect: 'page',
  approvedOnly: false,
}
export const GIVE: TokenPolicy = {
  accessSeconds: null,
  refreshSeconds: null,
  redirectUri: 'repeated',
  approvedOnly: false,
}
export const GIVE_REFRESH: TokenPolicy = { ...GIVE, accessSeconds: 3600, refreshSeconds: 30 * 86_400 }

export const CALLBACK = 'https://app.example/callback'

/** A code verifier with its S256 challenge. */
export function pkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** A real library in a folder of its own (or in the database of `url`), with a clock that can be moved. */
export async function openIdentity(url: string | null = null) {
  const folder = await temporaryFolder()
  const database = await openDatabase(url === null ? { file: join(folder.path, 'library.db') } : { url })
  let now = Date.parse('2024-05-01T12:00:00Z')
  const ctx = {
    db: database.db,
    database,
    config: readConfig({}),
    secret: randomBytes(32),
    log: pino({ level: 'silent' }),
    clock: () => new Date(now),
  }

  const person = async (login: string, more: Partial<NewAccount> = {}) =>
    (await addAccount(ctx, { login, name: login, ...more })).id

  const app = async (ownerId: number, more: Partial<NewApp> = {}) => {
    const fields = {
      name: 'Harbour',
      redirectUri: CALLBACK,
      website: null,
      description: null,
      isPublic: false,
    }
    const { app: made, clientSecret } = await registerApp(ctx, ownerId, { ...fields, ...more })
    return { app: made, client: { clientId: made.clientId, clientSecret } }
  }

  /** A request that passes the check. */
  const request = async (of: App, parameters: Record<string, string> = {}): Promise<AuthorizationRequest> => {
    const checked = await checkAuthorizationRequest(
      ctx.db,
      { client_id: of.clientId, redirect_uri: of.redirectUri, ...parameters },
      ASK,
    )
    if (checked.fail !== null) throw new Error(`refused: ${JSON.stringify(checked)}`)
    return checked.request
  }

  /** A code, as a person who says yes would cause it. */
  const code = async (of: App, accountId: number, parameters: Record<string, string> = {}) => {
    const asked = await request(of, parameters)
    return (await approve(ctx, accountId, asked, asked.scopes ?? ['public'])).code
  }

  return {
    ctx,
    person,
    app,
    request,
    code,
    /** Lets time pass. */
    wait(ms: number) {
      now += ms
    },
    async [Symbol.asyncDispose]() {
      await database.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** How many rows a table has. */
export async function count(
  ctx: { db: Awaited<ReturnType<typeof openDatabase>>['db'] },
  table: 'authorization_code' | 'token' | 'app_grant' | 'session' | 'account' | 'app' | 'change',
): Promise<number> {
  const { n } = await ctx.db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return n
}

/** For assert.rejects: an IdentityError of this kind. */
export const refused = (kind: string) => (error: unknown) =>
  error instanceof Error &&
  error.name === 'IdentityError' &&
  'reason' in error &&
  kindOf(error.reason) === kind

function kindOf(reason: unknown): unknown {
  return typeof reason === 'object' && reason !== null && 'kind' in reason ? reason.kind : null
}
