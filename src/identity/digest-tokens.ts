import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { DigestAlgorithm } from './digest.ts'
import { insertTokenDigest, tokenDigestsOfLogin } from './store/token-digests.ts'

/** A server tries every token of a person; more than these are not tried. */
const MOST_TRIED = 20

/** A token that HTTP Digest works with: the hash it is stored under, and H(A1) for each algorithm. */
export interface DigestToken {
  hash: string
  secrets: Readonly<Record<DigestAlgorithm, string>>
}

/**
 * Keeps what Digest needs of a new token. H(A1) is as good as the token itself, so it is encrypted with a key that is
 * not in the database, and bound to its row.
 */
export async function keepTokenDigest(
  db: Db,
  secret: Buffer,
  of: { tokenId: number; accountId: number; login: string; realm: string; token: string },
): Promise<void> {
  const text = `${of.login}:${of.realm}:${of.token}`
  const hashes = ['md5', 'sha256'].map((algorithm) => createHash(algorithm).update(text).digest('hex'))
  const sealed = seal(secret, of.tokenId, hashes.join(':'))
  await insertTokenDigest(db, { token_id: of.tokenId, account_id: of.accountId, sealed })
}

/** The tokens of a login that Digest works with, newest first. */
export async function digestTokens(
  ctx: Pick<Context, 'db' | 'secret'>,
  login: string,
): Promise<DigestToken[]> {
  const rows = await tokenDigestsOfLogin(ctx.db, login.toLowerCase(), MOST_TRIED)
  return rows.flatMap(({ id, hash, sealed }) => {
    const [md5, sha256] = unseal(ctx.secret, id, sealed)?.split(':') ?? []
    return md5 === undefined || sha256 === undefined
      ? []
      : [{ hash, secrets: { MD5: md5, 'SHA-256': sha256 } }]
  })
}

const keyOf = (secret: Buffer) => createHmac('sha256', secret).update('digest credentials 1').digest()

function seal(secret: Buffer, tokenId: number, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(`token ${tokenId}`))
  const hidden = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), hidden]).toString('base64url')
}

/** Null when it was sealed with another secret: Digest does not work with that token any more. */
function unseal(secret: Buffer, tokenId: number, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12), {
      authTagLength: 16,
    })
    decipher.setAAD(Buffer.from(`token ${tokenId}`)).setAuthTag(bytes.subarray(12, 28))
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()
  } catch {
    return null
  }
}
