import { hash } from 'node:crypto'

/** The request headers that ask "only if it changed". */
export interface ConditionalHeaders {
  'if-none-match'?: string | undefined
  'if-modified-since'?: string | undefined
}

/** What the answer about to be sent is known by; a part that is null or left out never matches. */
export interface Validators {
  etag?: string | null
  lastModified?: Date | null
}

const IMF_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/
const RFC850_DATE = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/
const ASCTIME_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

/**
 * A strong entity tag for exactly these bytes: 32 hex digits in quotes, the form of the documented samples
 * (API v1 overview, "Conditional requests"). MD5 serves as a fingerprint here, not as protection.
 */
export function strongEtag(bytes: Buffer | string): string {
  return `"${hash('md5', bytes, 'hex')}"`
}

/**
 * Whether a 304 may be answered. `If-None-Match` (a list, `*`, weak forms) decides alone when it is sent
 * (RFC 9110, 13.2.2); `If-Modified-Since` is compared at one second, and a malformed date counts as not sent.
 */
export function isNotModified(headers: ConditionalHeaders, { etag, lastModified }: Validators): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) return typeof etag === 'string' && listsTag(tags, etag)

  const since = parseHttpDate(headers['if-modified-since'])
  return (
    since !== null && lastModified instanceof Date && wholeSeconds(lastModified.getTime()) <= since / 1000
  )
}

/** The time as an HTTP date, cut to the second: `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString()
}

/** Milliseconds of an HTTP date in any of its three forms (RFC 9110, 5.6.7), or null if it is none of them. */
export function parseHttpDate(text: string | undefined): number | null {
  if (text === undefined) return null
  let ms = Number.NaN
  if (IMF_DATE.test(text) || RFC850_DATE.test(text)) ms = Date.parse(text)
  else if (ASCTIME_DATE.test(text)) ms = Date.parse(`${text} GMT`)
  return Number.isNaN(ms) ? null : ms
}

function listsTag(list: string, etag: string): boolean {
  if (list === etag || list.trim() === '*') return true
  const wanted = withoutWeakness(etag)
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? []
  return tags.some((tag) => withoutWeakness(tag) === wanted)
}

function withoutWeakness(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
