import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { readRange } from './byte-range.ts'
import type { ByteRange } from './byte-range.ts'
import { contentDisposition } from './content-disposition.ts'
import { httpDate, isNotModified, parseHttpDate } from './etag.ts'

/** Bytes that are kept somewhere and never change under the same etag. */
export interface StoredFile {
  sizeBytes: number
  /** A strong entity tag, quotes included. */
  etag: string
  lastModifiedMs: number
  /** From the bytes themselves, never from whoever sent them. */
  mimeType: string
  /** Starts reading, all of it or one stretch. Called only when bytes will be sent. */
  open(range?: ByteRange): Readable
}

export interface SendOptions {
  /** `public` may be embedded anywhere and kept by caches; `private` is never stored. */
  visibility: 'public' | 'private'
  /** How long a public file may be kept unasked. Left out, for ever: its address then names its bytes. */
  keepSeconds?: number
  /** `inline` only for types that cannot run anything: pictures that we encoded ourselves, sound, film. */
  disposition: 'inline' | 'attachment'
  fileName?: string
}

/** The request as far as sending a file depends on it. */
export interface FileRequest {
  method: string
  headers: {
    range?: string | undefined
    'if-range'?: string | undefined
    'if-none-match'?: string | undefined
    'if-modified-since'?: string | undefined
  }
}

export interface FileAnswer {
  status: 200 | 206 | 304 | 416
  headers: Record<string, string>
  /** What to send: a stretch, the whole, or nothing but the headers. */
  send: ByteRange | 'whole' | 'nothing'
}

/** Even a file that a browser takes for a page can load nothing, run nothing and read nothing of ours. */
const SANDBOX = "default-src 'none'; sandbox; style-src 'unsafe-inline'"

/**
 * Sends stored bytes: HEAD, one range (`If-Range` included), 304, and the headers that keep a hostile file harmless.
 * The stream is closed if the client goes away; one that cannot be opened is an error of the route.
 */
export function sendStored(
  reply: FastifyReply,
  file: StoredFile,
  request: FileRequest,
  options: SendOptions,
): FastifyReply {
  const { status, headers, send } = answerFile(file, request, options)
  void reply.code(status).headers(headers)
  // Fastify's own HEAD routes would write the length of nothing; they leave a stream's headers alone.
  if (send === 'nothing') return reply.send(request.method === 'HEAD' ? Readable.from([]) : undefined)
  return reply.send(send === 'whole' ? file.open() : file.open(send))
}

/** What {@link sendStored} answers, without sending it. */
export function answerFile(
  file: StoredFile,
  { method, headers }: FileRequest,
  options: SendOptions,
): FileAnswer {
  const common = commonHeaders(file, options)
  if (isNotModified(headers, { etag: file.etag, lastModified: new Date(file.lastModifiedMs) })) {
    return { status: 304, headers: common, send: 'nothing' }
  }

  const range =
    method === 'GET' && rangeApplies(headers['if-range'], file)
      ? readRange(headers.range, file.sizeBytes)
      : null
  if (range === 'unsatisfiable') {
    const refused = { ...common, 'content-range': `bytes */${file.sizeBytes}`, 'content-length': '0' }
    return { status: 416, headers: refused, send: 'nothing' }
  }

  const described = { ...common, 'content-type': file.mimeType, ...dispositionOf(options) }
  if (range) {
    const partial = {
      ...described,
      'content-range': `bytes ${range.first}-${range.last}/${file.sizeBytes}`,
      'content-length': String(range.last - range.first + 1),
    }
    return { status: 206, headers: partial, send: range }
  }
  const whole = { ...described, 'content-length': String(file.sizeBytes) }
  return { status: 200, headers: whole, send: method === 'HEAD' ? 'nothing' : 'whole' }
}

function commonHeaders(
  { etag, lastModifiedMs }: StoredFile,
  { visibility, keepSeconds }: SendOptions,
): Record<string, string> {
  const isPublic = visibility === 'public'
  return {
    etag,
    'last-modified': httpDate(lastModifiedMs),
    'accept-ranges': 'bytes',
    'cache-control': isPublic ? keptFor(keepSeconds) : 'private, no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': SANDBOX,
    'cross-origin-resource-policy': isPublic ? 'cross-origin' : 'same-origin',
  }
}

function dispositionOf({ disposition, fileName }: SendOptions): Record<string, string> {
  return { 'content-disposition': contentDisposition(disposition, fileName) }
}

/** A range is only good for the bytes the client has already: by strong tag, or by the exact date (RFC 9110, 13.1.5). */
function rangeApplies(ifRange: string | undefined, { etag, lastModifiedMs }: StoredFile): boolean {
  if (ifRange === undefined) return true
  if (ifRange.startsWith('"')) return ifRange === etag
  return parseHttpDate(ifRange) === Math.floor(lastModifiedMs / 1000) * 1000
}

function keptFor(seconds: number | undefined): string {
  return seconds === undefined ? 'public, max-age=31536000, immutable' : `public, max-age=${seconds}`
}
