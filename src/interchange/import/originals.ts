import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, isAbsolute, relative, resolve } from 'node:path'
import { BlobTooLarge, type Incoming } from '../../blobs/blobs.ts'
import type { Context } from '../../context.ts'
import { pageCopy } from '../../library/collecting-facts.ts'
import { MediaError } from '../../media/errors.ts'
import type { PictureFacts } from '../../media/facts.ts'
import { inspectPicture } from '../../media/inspect.ts'
import type { AnyValue } from '../format/schemas.ts'

/** A line that may come with an original. */
export type OriginalLine = Extract<AnyValue, { type: 'item' | 'attachment' | 'page_copy' }>

/** An original that has arrived and fits its line. `facts` is null for what is no picture. */
export interface PreparedMedia {
  incoming: Incoming
  facts: PictureFacts | null
  fileName: string
}

/**
 * Takes in the original of a line.
 *
 * @param folder The folder of the archive: a path that leads out of it, also by a symbolic link, is refused.
 * @returns The original, or what is wrong with it; then nothing is left.
 */
export async function takeOriginal(
  ctx: Pick<Context, 'blobs' | 'config'>,
  folder: string,
  value: OriginalLine,
): Promise<PreparedMedia | string> {
  const path = await pathInside(folder, value.media ?? '')
  if (path === null) return `the original ${value.media ?? ''} is not there`
  const incoming = await receive(ctx, path)
  if (typeof incoming === 'string') return incoming

  const problem = await unfit(value, incoming)
  const { file_name: fileName = basename(path) } = 'file_name' in value ? value : {}
  if (typeof problem !== 'string') return { incoming, facts: problem, fileName }
  await ctx.blobs.discard(incoming)
  return problem
}

/** A picture's facts, null for what need not be one, or what is wrong. */
async function unfit(value: OriginalLine, incoming: Incoming): Promise<PictureFacts | null | string> {
  if (value.sha256 !== undefined && value.sha256 !== incoming.sha256)
    return `the original has another sha256: ${incoming.sha256}`
  if (value.type === 'item' && value.sha512 !== undefined && value.sha512 !== incoming.sha512)
    return 'the original has another sha512'
  if (isPicture(value) === 'no') return null
  const facts = await inspectOrProblem(incoming.path)
  if (typeof facts === 'string' && isPicture(value) === 'perhaps') return null
  return typeof facts === 'string' ? `the original cannot be used: ${facts}` : facts
}

function isPicture(value: OriginalLine): 'yes' | 'perhaps' | 'no' {
  switch (value.type) {
    case 'item':
      return value.kind === 'image' ? 'yes' : 'no'
    case 'attachment':
      return 'perhaps'
    case 'page_copy':
      return value.name === pageCopy ? 'no' : 'yes'
  }
}

/** Looks at a picture file, or says in a sentence why it is none that we take. */
export async function inspectOrProblem(path: string): Promise<PictureFacts | string> {
  try {
    return await inspectPicture(path)
  } catch (error) {
    if (error instanceof MediaError) return error.detail
    throw error
  }
}

/** Brings a file of any size up to the limit into the store's `incoming/`, or says why not. */
export async function receive(
  { blobs, config }: Pick<Context, 'blobs' | 'config'>,
  path: string,
): Promise<Incoming | string> {
  const maxBytes = config.VITRINE_UPLOAD_MAX_BYTES
  try {
    return await blobs.receive(createReadStream(path), { maxBytes })
  } catch (error) {
    if (error instanceof BlobTooLarge) return `the original is larger than ${maxBytes} bytes`
    throw error
  }
}

/** The real path of a regular file inside a folder, or null. */
async function pathInside(folder: string, name: string): Promise<string | null> {
  if (isAbsolute(name) || name.includes('\0')) return null
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(resolve(folder, name))])
    const way = relative(root, path)
    const inside = way !== '' && !way.startsWith('..') && !isAbsolute(way)
    return inside && (await stat(path)).isFile() ? path : null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG') return null
    throw error
  }
}
