import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import { IdentityError } from './errors.ts'
import { hashPassword } from './passwords.ts'
import { hashSecret, newSecret, sameText } from './secrets.ts'
import { hasAdminWithPassword, storePasswordHash } from './store/accounts.ts'
import { addSetting, putSetting, settingValue, takeSetting } from './store/settings.ts'

const SETTING = 'setup_link_hash'

/** Whether nobody can sign in as an administrator yet. */
export async function awaitsSetup(db: Db): Promise<boolean> {
  return !(await hasAdminWithPassword(db))
}

/**
 * A token for the set-up link, in place of any made before; null once an administrator can sign in. Called at every
 * start, so that a link lost with the terminal can be had again.
 */
export async function openSetup(ctx: Pick<Context, 'db'>): Promise<string | null> {
  if (!(await awaitsSetup(ctx.db))) return null
  const token = newSecret()
  await putSetting(ctx.db, SETTING, hashSecret(token))
  return token
}

/** Whether a set-up link is the one that waits to be used. */
export async function isSetupToken(db: Db, token: string): Promise<boolean> {
  const waiting = await settingValue(db, SETTING)
  return waiting !== null && sameText(waiting, hashSecret(token)) && (await awaitsSetup(db))
}

/**
 * Uses the set-up link, once: of any number of callers, one makes an account. The link is taken before the account is
 * made and put back if that fails; after a crash in between, the next start makes another.
 *
 * @param addAdmin Makes the account, in a transaction of its own, and returns its id.
 * @returns The id of the account, which has the password now.
 * @throws IdentityError `link_spent`, `invalid` (password), `busy`; what `addAdmin` throws.
 */
export async function finishSetup(
  ctx: Pick<Context, 'db'>,
  token: string,
  password: string,
  addAdmin: () => Promise<number>,
): Promise<number> {
  // Before the costly hash: a guess must not cost more than a look.
  if (!(await isSetupToken(ctx.db, token))) throw new IdentityError({ kind: 'link_spent' })
  const passwordHash = await hashPassword(password)
  const mine = await takeSetting(ctx.db, SETTING, hashSecret(token))
  if (!mine) throw new IdentityError({ kind: 'link_spent' })
  try {
    const accountId = await addAdmin()
    await storePasswordHash(ctx.db, accountId, passwordHash)
    return accountId
  } catch (error) {
    await addSetting(ctx.db, SETTING, hashSecret(token))
    throw error
  }
}
