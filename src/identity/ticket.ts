import type { AuthorizationRequest } from './authorization.ts'
import { sameText, signature } from './secrets.ts'

const LIFE_MS = 600_000

/** What a dialect hands to the consent page. */
export interface Ticket {
  request: AuthorizationRequest
  /** What each scope lets an application do, as a sentence for people: `{ public: 'See your public profile' }`. */
  meanings: Record<string, string>
}

/**
 * A ticket as a text for a URL path, good for 10 minutes. It says nothing that its reader may not know and cannot be
 * changed; it lets nobody do anything without a session.
 */
export function sealTicket(secret: Buffer, ticket: Ticket, now: Date): string {
  const sealed: Sealed = { ...ticket, expiresMs: now.getTime() + LIFE_MS }
  const text = Buffer.from(JSON.stringify(sealed)).toString('base64url')
  return `${text}.${sign(secret, text)}`
}

/** The ticket in a text, or null when it is not ours or too old. */
export function openTicket(secret: Buffer, text: string, now: Date): Ticket | null {
  const [payload, mark, ...rest] = text.split('.')
  if (payload === undefined || mark === undefined || rest.length > 0) return null
  if (!sameText(mark, sign(secret, payload))) return null
  const sealed: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  if (!isSealed(sealed) || now.getTime() >= sealed.expiresMs) return null
  return { request: sealed.request, meanings: sealed.meanings }
}

/** The mark proves that we wrote it; whoever changes what a ticket holds changes the number here. */
const sign = (secret: Buffer, text: string) => signature(secret, `authorization ticket 1\n${text}`)

type Sealed = Ticket & { expiresMs: number }

function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && 'request' in value && 'expiresMs' in value
}
