import { open } from 'node:fs/promises'
import type { Incoming } from '../blobs/blobs.ts'
import type { Context } from '../context.ts'
import { FetchError } from '../fetching/errors.ts'
import type { Fetched } from '../fetching/fetcher.ts'
import { readWebAddress } from '../fetching/web-address.ts'
import { readHtmlBytes } from './decode-html.ts'
import type { EmbedCode, OembedFacts, PageFacts, StatusAddress } from './facts.ts'
import { readOembed } from './oembed.ts'
import { isTellingOembed, knownOembed, readStatusAddress } from './services.ts'
import { sniffBytes, sniffedBytes, type Sniffed } from './sniff.ts'

/** What is at an address, and everything that was found out on the way. */
export interface Identified {
  kind: 'image' | 'audio' | 'document' | 'embed' | 'status' | 'recipe' | 'article' | 'page'
  /** Where redirects led; the address asked for when nothing answered. */
  url: string
  /**
   * The bytes found there, in `incoming/`: the file, or the HTML of a page. Keep or discard them. Null when there are
   * none, and for videos, which stay where they are.
   */
  incoming: Incoming | null
  /** What those bytes are. */
  file: Sniffed | null
  /** Of HTML that could be read. */
  page: PageFacts | null
  oembed: OembedFacts | null
  /** How to show a video file that is not kept here. */
  embed: EmbedCode | null
  status: StatusAddress | null
  /** Why the address could not be fetched, as a sentence; null when it was. There is nothing to capture then. */
  problem: string | null
}

export interface IdentifyOptions {
  /** Of a file that would be kept. A larger one is a page of which nothing is known. */
  maxBytes: number
  /** Whose wish it is. */
  account: number
  signal?: AbortSignal
}

type Identifying = Pick<Context, 'fetcher' | 'reader' | 'blobs'>

const oembedBytes = 262_144

/**
 * Finds out what is at an address. The order is: a known video or sound service; the address of a status; what the
 * bytes are; oEmbed that the page offers; a recipe; an article; else a page, also when nothing could be fetched.
 *
 * @throws FetchError `bad_url` when that is no http or https address; what the blob store throws.
 */
export async function identifyUrl(
  ctx: Identifying,
  address: string,
  options: IdentifyOptions,
): Promise<Identified> {
  const url = readWebAddress(address)
  const nothing = noted(url.href)
  const known = knownOembed(url)
  if (known) {
    const oembed = await fetchOembed(ctx, known.oembedUrl, options)
    return oembed?.type === 'photo'
      ? await pictureOf(ctx, { ...nothing, oembed }, options)
      : { ...nothing, kind: 'embed', oembed }
  }
  const status = readStatusAddress(url)
  const found = await lookAt(ctx, url, options)
  if (status) return { ...found, kind: 'status', status }
  const offered = found.page?.oembedUrl
  if (!offered || !isTellingOembed(offered)) return found

  const oembed = await fetchOembed(ctx, offered, options)
  if (oembed?.type === 'video' || oembed?.type === 'rich') return { ...found, kind: 'embed', oembed }
  return oembed?.type === 'photo' ? pictureOf(ctx, { ...found, oembed }, options) : found
}

const noted = (url: string): Identified => ({
  kind: 'page',
  url,
  incoming: null,
  file: null,
  page: null,
  oembed: null,
  embed: null,
  status: null,
  problem: null,
})

/** Fetches and judges what is there. */
async function lookAt(ctx: Identifying, url: URL, options: IdentifyOptions): Promise<Identified> {
  const nothing = noted(url.href)
  try {
    const fetched = await ctx.fetcher.fetchUrl(url, {
      ...options,
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
    })
    if (fetched.status >= 400 || fetched.status < 200) {
      fetched.body.destroy()
      return { ...nothing, problem: `the server answered ${fetched.status}` }
    }
    const incoming = await ctx.blobs.receive(fetched.body, options)
    try {
      return await judge(ctx, fetched, incoming)
    } catch (error) {
      await ctx.blobs.discard(incoming)
      throw error
    }
  } catch (error) {
    if (error instanceof FetchError) return { ...nothing, problem: error.message }
    throw error
  }
}

async function judge(ctx: Identifying, fetched: Fetched, incoming: Incoming): Promise<Identified> {
  const head = await startOf(incoming.path, sniffedBytes)
  const file = sniffBytes(head, fetched.mimeType)
  const found = { ...noted(fetched.url), incoming, file }
  switch (file.kind) {
    case 'image':
    case 'audio':
    case 'document':
      return { ...found, kind: file.kind }
    case 'video': {
      await ctx.blobs.discard(incoming)
      const attributes = { src: fetched.url, type: file.mimeType }
      const embed: EmbedCode = { tag: 'video', attributes, params: { src: fetched.url } }
      return { ...found, kind: 'embed', incoming: null, embed }
    }
    case 'html': {
      const bytes = await startOf(incoming.path, readHtmlBytes)
      const page = await ctx.reader.readPage({ bytes, charset: fetched.charset, url: fetched.url })
      return { ...found, kind: page?.kind ?? 'page', page }
    }
    case 'text':
    case 'other':
      await ctx.blobs.discard(incoming)
      return { ...found, incoming: null }
  }
}

/** The picture that an oEmbed answer of type `photo` names, in place of its page. */
async function pictureOf(ctx: Identifying, found: Identified, options: IdentifyOptions): Promise<Identified> {
  const address = found.oembed?.url
  const picture = address ? await lookAt(ctx, new URL(address), options) : null
  if (picture?.kind !== 'image') {
    if (picture?.incoming) await ctx.blobs.discard(picture.incoming)
    return found
  }
  if (found.incoming) await ctx.blobs.discard(found.incoming)
  return { ...found, kind: 'image', incoming: picture.incoming, file: picture.file }
}

async function fetchOembed(ctx: Identifying, url: string, { account, signal }: IdentifyOptions) {
  try {
    const {
      status,
      bytes,
      url: base,
    } = await ctx.fetcher.fetchBytes(url, {
      maxBytes: oembedBytes,
      accept: 'application/json',
      account,
      ...(signal ? { signal } : {}),
    })
    return status === 200 ? readOembed(bytes.toString('utf8'), base) : null
  } catch (error) {
    if (error instanceof FetchError) return null
    throw error
  }
}

async function startOf(path: string, most: number): Promise<Buffer> {
  await using file = await open(path)
  const bytes = Buffer.alloc(most)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, most - length)
    length += bytesRead
    if (bytesRead === 0 || length === most) return bytes.subarray(0, length)
  }
}
