import type { Db } from '../database/open.ts'
import { toApp, type App } from './apps.ts'
import { IdentityError } from './errors.ts'
import { hashSecret, newSecret, sameText } from './secrets.ts'
import { appByClientId } from './store/apps.ts'

/** How an application says who it is at the token endpoint. An empty secret is no secret. */
export interface ClientCredentials {
  clientId: string
  clientSecret: string | null
}

/** Compared with when there is no such client, so that both answers take the same steps. */
const NOBODY = hashSecret(newSecret())

/**
 * The application that these credentials belong to. A public client has no secret and must not send one.
 *
 * @throws IdentityError `bad_client`; with the right secret only, `client_suspended` and `client_not_approved`.
 */
export async function authenticateClient(
  db: Db,
  { clientId, clientSecret }: ClientCredentials,
  { approvedOnly }: { approvedOnly: boolean },
): Promise<App> {
  const row = await appByClientId(db, clientId.slice(0, 256))
  const secret = clientSecret === '' ? null : clientSecret
  const right = sameText(hashSecret(secret ?? ''), row?.client_secret_hash ?? NOBODY)
  if (!row) throw new IdentityError({ kind: 'bad_client' })
  const app = toApp(row)
  if (app.isPublic ? secret !== null : !right) throw new IdentityError({ kind: 'bad_client' })
  if (app.suspended) throw new IdentityError({ kind: 'client_suspended' })
  if (approvedOnly && !app.approved) throw new IdentityError({ kind: 'client_not_approved' })
  return app
}
