import { createHash, createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Sha256 } from '../database/schema/columns.ts'

/** A new random secret in hex; 256 bits unless told otherwise, never fewer than 128. */
export function newSecret(bytes = 32): string {
  if (bytes < 16) throw new RangeError('a secret has at least 128 bits')
  return randomBytes(bytes).toString('hex')
}

/** The form in which a random secret is stored. A plain hash is enough at this entropy; passwords are another matter. */
export function hashSecret(secret: string): Sha256 {
  return hash('sha256', secret, 'hex')
}

/** Whether two texts are equal, in a time that tells nothing about where they differ. */
export function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** HMAC-SHA256 of a text, base64url. Begin the text with what it is for, so that no signature serves two purposes. */
export function signature(secret: Buffer | string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}
