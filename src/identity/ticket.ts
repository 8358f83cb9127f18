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
  return seal(secret, MARK, { ...ticket, expiresMs: now.getTime() + LIFE_MS })
}

/** The ticket in a text, or null when it is not ours or too old. */
export function openTicket(secret: Buffer, text: string, now: Date): Ticket | null {
  const sealed = unseal(secret, MARK, text)
  if (!isSealed(sealed) || now.getTime() >= sealed.expiresMs) return null
  return { request: sealed.request, meanings: sealed.meanings }
}

/** The same for an application on a device, whose request is in the database. */
export interface DeviceTicket {
  requestId: number
  scopes: string[]
  meanings: Record<string, string>
}

export function sealDeviceTicket(secret: Buffer, ticket: DeviceTicket, now: Date): string {
  return seal(secret, DEVICE_MARK, { ...ticket, expiresMs: now.getTime() + LIFE_MS })
}

export function openDeviceTicket(secret: Buffer, text: string, now: Date): DeviceTicket | null {
  const sealed = unseal(secret, DEVICE_MARK, text)
  if (!isSealedDevice(sealed) || now.getTime() >= sealed.expiresMs) return null
  return { requestId: sealed.requestId, scopes: sealed.scopes, meanings: sealed.meanings }
}

/** The mark proves that we wrote it; whoever changes what a ticket holds changes the number here. */
const MARK = 'authorization ticket 1'
const DEVICE_MARK = 'device ticket 1'

function seal(secret: Buffer, mark: string, value: object): string {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${text}.${signature(secret, `${mark}\n${text}`)}`
}

/** Null for a text that we did not write for this. */
function unseal(secret: Buffer, mark: string, text: string): unknown {
  const [payload, signed, ...rest] = text.split('.')
  if (payload === undefined || signed === undefined || rest.length > 0) return null
  if (!sameText(signed, signature(secret, `${mark}\n${payload}`))) return null
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}

type SealedDevice = DeviceTicket & { expiresMs: number }

function isSealedDevice(value: unknown): value is SealedDevice {
  return typeof value === 'object' && value !== null && 'requestId' in value && 'expiresMs' in value
}

type Sealed = Ticket & { expiresMs: number }

function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && 'request' in value && 'expiresMs' in value
}
