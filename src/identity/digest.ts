import { createHash, createHmac, randomBytes } from 'node:crypto'
import { sameText } from './secrets.ts'

/** HTTP Digest (RFC 7616) with `qop=auth`, and what makes a replay useless. */

export type DigestAlgorithm = 'MD5' | 'SHA-256'
const HASHES = { MD5: 'md5', 'SHA-256': 'sha256' } as const

/** What an `Authorization: Digest` header says; every part is needed. */
export interface DigestAnswer {
  username: string
  realm: string
  nonce: string
  uri: string
  response: string
  algorithm: DigestAlgorithm
  cnonce: string
  /** As written, eight hex digits. */
  nc: string
}

const LONGEST_HEADER = 16_384
const PART = /\s*([a-z*]{1,20})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)/giy

/** Null for a header that is no Digest header, lacks a part, repeats one or asks for what is not offered. */
export function readDigest(header: string): DigestAnswer | null {
  const scheme = /^\s*digest\s+/i.exec(header)
  if (scheme === null || header.length > LONGEST_HEADER) return null
  const parts = new Map<string, string>()
  PART.lastIndex = scheme[0].length
  while (PART.lastIndex < header.length) {
    const [, name = '', quoted, plain = ''] = PART.exec(header) ?? []
    if (name === '' || parts.has(name.toLowerCase())) return null
    parts.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain)
  }
  return answerOf(parts)
}

function answerOf(parts: ReadonlyMap<string, string>): DigestAnswer | null {
  const part = (name: string) => parts.get(name) ?? ''
  const algorithm = algorithmNamed(parts.get('algorithm') ?? 'MD5')
  const answer = {
    username: part('username'),
    realm: part('realm'),
    nonce: part('nonce'),
    uri: part('uri'),
    response: part('response').toLowerCase(),
    cnonce: part('cnonce'),
    nc: part('nc'),
  }
  if (algorithm === null || part('qop').toLowerCase() !== 'auth') return null
  if (Object.values(answer).includes('') || !/^[0-9a-f]{8}$/i.test(answer.nc)) return null
  return { ...answer, algorithm }
}

function algorithmNamed(text: string): DigestAlgorithm | null {
  const name = text.toUpperCase()
  return name === 'MD5' || name === 'SHA-256' ? name : null
}

/** Whether the answer was made with this secret, H(A1), for a request with this verb. */
export function digestFits(answer: DigestAnswer, secret: string, method: string): boolean {
  const { algorithm, nonce, nc, cnonce, uri } = answer
  const hash = (text: string) => createHash(HASHES[algorithm]).update(text).digest('hex')
  const expected = hash(`${secret}:${nonce}:${nc}:${cnonce}:auth:${hash(`${method}:${uri}`)}`)
  return sameText(expected, answer.response)
}

/** Nonces of this process: nobody else can make one, each lives for five minutes, and counts what it was used for. */
export interface Nonces {
  /** 32 hex digits. */
  issue: () => string
  /** Whether this nonce is good for this count, for the first time. To be asked once the answer is known to fit. */
  use: (nonce: string, nc: string) => boolean
}

const LIFE_SECONDS = 300
const MOST_NONCES = 10_000
/** Requests sent side by side arrive out of order, by no more than this. */
const WINDOW = 256

interface Uses {
  highest: number
  /** Bit n: the count n below the highest was used. */
  seen: bigint
}

export function createNonces(clock: () => Date, most = MOST_NONCES): Nonces {
  const key = randomBytes(32)
  const used = new Map<string, Uses>()
  /** Nonces issued no later than this may have been forgotten. */
  let forgottenSeconds = 0

  const now = () => Math.floor(clock().getTime() / 1000)
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, 16)
  const issuedAt = (nonce: string) => Number.parseInt(nonce.slice(0, 8), 16)

  function isGood(nonce: string): boolean {
    if (!/^[0-9a-f]{32}$/.test(nonce) || !sameText(sign(nonce.slice(0, 16)), nonce.slice(16))) return false
    const age = now() - issuedAt(nonce)
    return age < LIFE_SECONDS && (used.has(nonce) || issuedAt(nonce) > forgottenSeconds)
  }

  function remember(nonce: string): Uses {
    const [oldest] = used.size >= most ? used.keys() : []
    if (oldest !== undefined) {
      used.delete(oldest)
      forgottenSeconds = Math.max(forgottenSeconds, issuedAt(oldest))
    }
    const uses = { highest: 0, seen: 0n }
    used.set(nonce, uses)
    return uses
  }

  return {
    issue() {
      const text = now().toString(16).padStart(8, '0') + randomBytes(4).toString('hex')
      return text + sign(text)
    },
    use(nonce, nc) {
      if (!isGood(nonce)) return false
      const count = Number.parseInt(nc, 16)
      return count > 0 && countUse(used.get(nonce) ?? remember(nonce), count)
    },
  }
}

function countUse(uses: Uses, count: number): boolean {
  const ahead = count - uses.highest
  if (ahead > 0) {
    uses.seen = ahead >= WINDOW ? 1n : BigInt.asUintN(WINDOW, (uses.seen << BigInt(ahead)) | 1n)
    uses.highest = count
    return true
  }
  if (-ahead >= WINDOW) return false
  const bit = 1n << BigInt(-ahead)
  if ((uses.seen & bit) !== 0n) return false
  uses.seen |= bit
  return true
}
