import { open } from 'node:fs/promises'
import type { Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import type { ItemKind } from '../database/schema/items.ts'
import { FetchError } from '../fetching/errors.ts'
import { MediaError } from '../media/errors.ts'
import type { PictureFacts } from '../media/facts.ts'
import { inspectPicture } from '../media/inspect.ts'
import { readEmbedCode } from '../reading/embed-code.ts'
import { identifyUrl, type Identified } from '../reading/identify.ts'
import { readStatusAddress } from '../reading/services.ts'
import { sniffBytes, sniffedBytes, type Sniffed } from '../reading/sniff.ts'
import { pageContent, searchableText } from './collecting-content.ts'
import { invalid, LibraryError } from './errors.ts'
import { refuseProblems } from './fields.ts'
import { limits, textProblems } from './limits.ts'
import { hashOfText } from './media-hash.ts'
import type { RenditionRow } from './rows.ts'

/** One thing to collect: an address, a text, or bytes that have arrived. */
export type CollectWhat =
  | { kind: 'url'; url: string; signal?: AbortSignal }
  | { kind: 'text'; text: string }
  | { kind: 'file'; incoming: Incoming; fileName: string | null; mimeType: string | null }

/** What it is, before it is an item. */
export interface Gathered {
  kind: ItemKind
  content: Record<string, unknown>
  /** For searches, in lower case; '' for none. */
  text: string
  /** Null where it is the hash of the bytes. */
  mediaHash: string | null
  media: { incoming: Incoming; facts: PictureFacts; fileName: string | null } | null
  file: { incoming: Incoming; fileName: string | null; mimeType: string; format: string } | null
  /** The HTML of a page, and the row that names it. */
  html: Incoming | null
  htmlCopy: Omit<RenditionRow, 'item_id'> | null
  /** A page to take pictures of. */
  captureUrl: string | null
}

/** The HTML of a page as it was found. It is a stranger's: show it in a sandbox or not at all. */
export const pageCopy = 'page-copy'

/** Formats that become pictures; others are kept as files. */
const pictures = new Set(['jpeg', 'png', 'gif', 'webp', 'avif'])

const nothing: Omit<Gathered, 'kind' | 'content'> = {
  text: '',
  mediaHash: null,
  media: null,
  file: null,
  html: null,
  htmlCopy: null,
  captureUrl: null,
}

/** @throws LibraryError `invalid` (`url`). */
export async function gatherUrl(
  ctx: Pick<Context, 'blobs' | 'config' | 'fetcher' | 'reader'>,
  { url, signal }: { url: string; signal?: AbortSignal },
  account: number,
): Promise<Gathered> {
  const found = await identify(ctx, url, {
    maxBytes: ctx.config.VITRINE_UPLOAD_MAX_BYTES,
    account,
    ...(signal ? { signal } : {}),
  })
  const { incoming, file, kind } = found
  const isFile = kind === 'image' || kind === 'audio' || kind === 'document'
  if (incoming && file && isFile) {
    try {
      const kept = await keptFile({ incoming, file, fileName: nameIn(found.url) })
      return { ...nothing, ...kept, content: { original: url } }
    } catch (error) {
      await ctx.blobs.discard(incoming)
      if (!(error instanceof MediaError)) throw error
      return pageOf({ ...found, kind: 'page', incoming: null, file: null, problem: error.detail }, url)
    }
  }
  if (incoming && file?.kind !== 'html') await ctx.blobs.discard(incoming)
  return pageOf(found, url)
}

async function identify(
  ctx: Pick<Context, 'blobs' | 'fetcher' | 'reader'>,
  url: string,
  options: { maxBytes: number; account: number; signal?: AbortSignal },
): Promise<Identified> {
  try {
    return await identifyUrl(ctx, url, options)
  } catch (error) {
    if (error instanceof FetchError && error.kind === 'bad_url')
      throw invalid('url', 'must be an http or https URL')
    throw error
  }
}

function pageOf(found: Identified, url: string): Gathered {
  const { kind, incoming, problem } = found
  const html = incoming && found.file?.kind === 'html' ? incoming : null
  return {
    ...nothing,
    kind,
    content: pageContent(found, url),
    text: searchableText(found),
    mediaHash: hashOfText(new URL(url).href),
    html,
    htmlCopy: html && {
      name: pageCopy,
      blob_sha256: html.sha256,
      width: 0,
      height: 0,
      format: 'html',
      mime_type: 'text/html',
      animated: 0,
    },
    captureUrl: kind === 'page' && problem === null ? found.url : null,
  }
}

/** @throws LibraryError `invalid` (`text`). */
export async function gatherText(text: string, source: string | null): Promise<Gathered> {
  if (text.trim() === '') throw invalid('text', "can't be blank")
  refuseProblems(textProblems('text', text, limits.collectedTextChars))
  const embed = await readEmbedCode(text)
  if (embed) {
    const content = { original: source, ...embed }
    return { ...nothing, kind: 'embed', content, mediaHash: hashOfText(embed.attributes['src'] ?? text) }
  }
  const address = source !== null && URL.canParse(source) ? readStatusAddress(new URL(source)) : null
  const words = { text: searchableText({ text }), mediaHash: hashOfText(text) }
  if (!address) return { ...nothing, ...words, kind: 'text', content: { text } }
  const { author, authorUrl, service } = address
  const content = { text, author, author_url: authorUrl, original: source, service }
  return { ...nothing, ...words, kind: 'status', content }
}

/** @throws LibraryError `invalid` (`file`, when it is empty), `bad_media`. */
export async function gatherFile({
  incoming,
  fileName,
  mimeType,
}: Extract<CollectWhat, { kind: 'file' }>): Promise<Gathered> {
  if (incoming.sizeBytes === 0) throw invalid('file', 'is empty')
  const head = await startOf(incoming.path, sniffedBytes)
  const file = sniffBytes(head, mimeType)
  if (file.kind === 'text') {
    const text = await readText(incoming)
    const kept = { incoming, fileName, ...kindless(file) }
    if (text !== null) return { ...(await gatherText(text, null)), mediaHash: null, file: kept }
  }
  try {
    const kept = await keptFile({ incoming, file, fileName })
    return { ...nothing, ...kept, content: file.kind === 'video' ? videoContent(file) : {} }
  } catch (error) {
    if (!(error instanceof MediaError)) throw error
    throw new LibraryError({ kind: 'bad_media', field: 'file', detail: error.detail }, { cause: error })
  }
}

const kindless = ({ mimeType, format }: Sniffed) => ({ mimeType, format })
const videoContent = ({ mimeType }: Sniffed) => ({ tag: 'video', attributes: { type: mimeType }, params: {} })

/** @throws MediaError for a picture that cannot be used. */
async function keptFile({
  incoming,
  file,
  fileName,
}: {
  incoming: Incoming
  file: Sniffed
  fileName: string | null
}): Promise<Pick<Gathered, 'kind' | 'media' | 'file'>> {
  if (file.kind === 'image' && pictures.has(file.format)) {
    const facts = await inspectPicture(incoming.path)
    return { kind: 'image', media: { incoming, facts, fileName }, file: null }
  }
  const kind = file.kind === 'audio' ? 'audio' : file.kind === 'video' ? 'embed' : 'document'
  return { kind, media: null, file: { incoming, fileName, ...kindless(file) } }
}

function nameIn(url: string): string | null {
  const name = new URL(url).pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(name) || null
  } catch {
    return name
  }
}

/** Null when it is too long, or no text after all. */
async function readText(incoming: Incoming): Promise<string | null> {
  if (incoming.sizeBytes > limits.collectedTextChars) return null
  const bytes = await startOf(incoming.path, incoming.sizeBytes)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') || text.trim() === '' ? null : text
  } catch {
    return null
  }
}

async function startOf(path: string, most: number): Promise<Buffer> {
  await using file = await open(path)
  const { bytesRead, buffer } = await file.read(Buffer.alloc(most), 0, most, 0)
  return buffer.subarray(0, bytesRead)
}
