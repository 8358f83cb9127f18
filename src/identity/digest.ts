import { createHmac, hash, randomBytes } from 'node:crypto'

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
  /** What the challenge held; null when it was left out. */
  opaque: string | null
}

const LONGEST_HEADER = 16_384
const PART = /\s*([a-z*]{1,20})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))\s*(?:,|$)/giy

const SCHEME = /^\s*digest\s+/iy

/** Null for a header that is no Digest header, lacks a part, repeats one or asks for what is not offered. */
export function readDigest(header: string): DigestAnswer | null {
  SCHEME.lastIndex = 0
  if (header.length > LONGEST_HEADER || !SCHEME.test(header)) return null
  const parts = new Map<string, string>()
  PART.lastIndex = SCHEME.lastIndex
  while (PART.lastIndex < header.length) {
    const found = PART.exec(header)
    const name = found?.[1]?.toLowerCase()
    if (found === null || name === undefined || parts.has(name)) return null
    parts.set(name, unquoted(found[2]) ?? found[3] ?? '')
  }
  return answerOf(parts)
}

const unquoted = (text: string | undefined) => (text?.includes('\\') ? text.replaceAll(/\\(.)/g, '$1') : text)

function answerOf(parts: ReadonlyMap<string, string>): DigestAnswer | null {
  const algorithm = algorithmNamed(parts.get('algorithm') ?? 'MD5')
  const [username, realm, nonce] = [parts.get('username'), parts.get('realm'), parts.get('nonce')]
  const [uri, cnonce, nc] = [parts.get('uri'), parts.get('cnonce'), parts.get('nc')]
  const response = parts.get('response')?.toLowerCase()
  if (algorithm === null || parts.get('qop')?.toLowerCase() !== 'auth') return null
  if (!username || !realm || !nonce || !uri || !response || !cnonce || !nc || !COUNT.test(nc)) return null
  const opaque = parts.get('opaque') ?? null
  return { username, realm, nonce, uri, response, cnonce, nc, algorithm, opaque }
}

const COUNT = /^[0-9a-f]{8}$/i

function algorithmNamed(text: string): DigestAlgorithm | null {
  const name = text.toUpperCase()
  return name === 'MD5' || name === 'SHA-256' ? name : null
}

/** Whether the answer was made with this secret, H(A1), for a request with this verb. */
export function digestFits(answer: DigestAnswer, secret: string, method: string): boolean {
  const { algorithm, nonce, nc, cnonce, uri } = answer
  const expected = sumOf(
    algorithm,
    `${secret}:${nonce}:${nc}:${cnonce}:auth:${targetSum(algorithm, `${method}:${uri}`)}`,
  )
  return sameHex(expected, answer.response)
}

const sumOf = (algorithm: DigestAlgorithm, text: string) => hash(HASHES[algorithm], text, 'hex')

const MOST_TARGETS = 500
const LONGEST_TARGET = 300
const targetSums = { MD5: new Map<string, string>(), 'SHA-256': new Map<string, string>() }

/** H(A2) of verb and address. A client asks for the same address many times, and looking up is cheaper than hashing. */
function targetSum(algorithm: DigestAlgorithm, target: string): string {
  if (target.length > LONGEST_TARGET) return sumOf(algorithm, target)
  const known = targetSums[algorithm].get(target)
  if (known !== undefined) return known
  const sum = sumOf(algorithm, target)
  if (targetSums[algorithm].size >= MOST_TARGETS) targetSums[algorithm].clear()
  targetSums[algorithm].set(target, sum)
  return sum
}

/** Whether two texts are equal, in a time that tells nothing about where they differ; their lengths are no secret. */
function sameHex(one: string, other: string): boolean {
  let difference = one.length ^ other.length
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at)
  return difference === 0
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

  const isOurs = (nonce: string) =>
    /^[0-9a-f]{32}$/.test(nonce) && sameHex(sign(nonce.slice(0, 16)), nonce.slice(16))

  function isGood(nonce: string): boolean {
    const isKnown = used.has(nonce)
    // One that was used before has been checked.
    if (!isKnown && !isOurs(nonce)) return false
    const age = now() - issuedAt(nonce)
    return age < LIFE_SECONDS && (isKnown || issuedAt(nonce) > forgottenSeconds)
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
