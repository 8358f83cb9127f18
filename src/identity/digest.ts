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
const SCHEME = /^\s*digest\s+/iy

/** Null for a header that is no Digest header, lacks a part, repeats one or asks for what is not offered. */
export function readDigest(header: string): DigestAnswer | null {
  SCHEME.lastIndex = 0
  if (header.length > LONGEST_HEADER || !SCHEME.test(header)) return null
  const parts = readParts(header, SCHEME.lastIndex)
  return parts && answerOf(parts)
}

const NAMES = [
  'username',
  'realm',
  'nonce',
  'uri',
  'response',
  'cnonce',
  'nc',
  'qop',
  'algorithm',
  'opaque',
] as const
const PLACES = new Map<string, number>(NAMES.map((name, place) => [name, place]))

const placeOf = (name: string) => PLACES.get(name) ?? PLACES.get(name.trim().toLowerCase())

/**
 * `name=value` or `name="value"`, separated by commas; looked for by hand, because every request has it.
 *
 * @returns The values in the order of `NAMES`, undefined for what is not there.
 */
function readParts(header: string, from: number): (string | undefined)[] | null {
  const parts = Array.from<string | undefined>({ length: NAMES.length })
  for (let at = from; at < header.length;) {
    const equals = header.indexOf('=', at)
    const start = pastSpaces(header, equals + 1)
    const isQuoted = header.charCodeAt(start) === QUOTE
    const end = isQuoted ? closingQuote(header, start + 1) : endOfToken(header, start)
    const next = pastSpaces(header, isQuoted ? end + 1 : end)
    const isEnded = next === header.length || header.charCodeAt(next) === COMMA
    if (equals < 0 || end < 0 || !isEnded) return null
    const place = placeOf(header.slice(pastSpaces(header, at), equals))
    if (place !== undefined) {
      if (parts[place] !== undefined) return null
      parts[place] = isQuoted ? unquoted(header.slice(start + 1, end)) : header.slice(start, end)
    }
    at = next + 1
  }
  return parts
}

const [SPACE, TAB, QUOTE, COMMA, BACKSLASH] = [0x20, 0x09, 0x22, 0x2c, 0x5c]

function pastSpaces(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at += 1
  return at
}

function endOfToken(text: string, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === SPACE || code === TAB || code === QUOTE || code === COMMA) break
  }
  return at
}

/** Less than 0 when there is none. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at > 0 && isEscaped(text, at, from)) at = text.indexOf('"', at + 1)
  return at
}

function isEscaped(text: string, at: number, from: number): boolean {
  let backslashes = 0
  while (at - backslashes > from && text.charCodeAt(at - backslashes - 1) === BACKSLASH) backslashes += 1
  return backslashes % 2 === 1
}

const unquoted = (text: string) => (text.includes('\\') ? text.replaceAll(/\\(.)/g, '$1') : text)

function answerOf(parts: readonly (string | undefined)[]): DigestAnswer | null {
  const [username, realm, nonce, uri, response, cnonce, nc, qop, named = 'MD5', opaque = null] = parts
  const algorithm = algorithmNamed(named)
  if (algorithm === null || qop?.toLowerCase() !== 'auth') return null
  if (!username || !realm || !nonce || !uri || !response || !cnonce || !nc || !COUNT.test(nc)) return null
  return { username, realm, nonce, uri, response: response.toLowerCase(), cnonce, nc, algorithm, opaque }
}

const COUNT = /^[0-9a-f]{8}$/i

function algorithmNamed(text: string): DigestAlgorithm | null {
  if (text === 'MD5') return text
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
  /** Bit for the count n, at n modulo the window: it was used. Only those within the window of the highest are told. */
  seen: Uint32Array
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
    const uses = { highest: 0, seen: new Uint32Array(WINDOW / 32) }
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
    // What leaves the window makes room for what was skipped.
    if (ahead >= WINDOW) uses.seen.fill(0)
    else for (let skipped = uses.highest + 1; skipped < count; skipped += 1) mark(uses.seen, skipped, false)
    uses.highest = count
  } else if (-ahead >= WINDOW || isMarked(uses.seen, count)) return false
  mark(uses.seen, count, true)
  return true
}

const isMarked = (seen: Uint32Array, count: number) =>
  (((seen[(count % WINDOW) >>> 5] ?? 0) >>> (count & 31)) & 1) === 1

function mark(seen: Uint32Array, count: number, on: boolean): void {
  const at = (count % WINDOW) >>> 5
  const word = seen[at] ?? 0
  seen[at] = on ? word | (1 << (count & 31)) : word & ~(1 << (count & 31))
}
