import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { basename, extname, join, relative, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Context } from '../../context.ts'
import { findAccount } from '../../library/accounts.ts'
import { byCodePoint } from '../../library/code-points.ts'
import { LibraryError } from '../../library/errors.ts'
import { addItem } from '../../library/items.ts'
import { limits } from '../../library/limits.ts'
import { OPERATOR } from '../../library/viewer.ts'
import { inspectOrProblem, receive } from './originals.ts'
import { ownsOriginal } from '../store/items.ts'

export interface ImportFolderOptions {
  accountLogin: string
  tags?: readonly string[]
  onProgress?: (done: number, total: number) => void
  /** Called for each file that is refused. */
  onProblem?: (problem: FileProblem) => void
}

export interface FileProblem {
  /** Path from the folder. */
  file: string
  problem: string
}

export interface ImportFolderReport {
  files: number
  added: number
  /** Files whose bytes the account has already. */
  present: number
  problems: FileProblem[]
}

/** Names that pictures go by; those of types we do not take are among them, so that they are named when refused. */
const pictureName = /\.(jpe?g|jpe|jfif|png|apng|gif|webp|avif|svg|heic|heif|tiff?|bmp|jxl|psd|ico)$/i

/**
 * Brings the pictures of a folder and of all below it into the library, in the order of their paths. Each becomes an
 * item titled from its file name; one whose bytes the account has already is left out, so it may be run again.
 * Hidden files and links are passed over.
 *
 * @throws LibraryError `not_found` (account), `storage_full`; the file system's error.
 */
export async function importFolder(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'config'>,
  folder: string,
  options: ImportFolderOptions,
): Promise<ImportFolderReport> {
  const { id: ownerId } = await findAccount(ctx.db, options.accountLogin)
  const root = resolve(folder)
  const files = (await picturesIn(root)).map((path) => relative(root, path)).toSorted(byCodePoint)
  const report: ImportFolderReport = { files: files.length, added: 0, present: 0, problems: [] }
  for (const [at, file] of files.entries()) {
    const outcome = await importPicture(ctx, join(root, file), { ownerId, tags: options.tags ?? [] })
    if (outcome === 'added' || outcome === 'present') report[outcome] += 1
    else {
      const problem = { file, problem: outcome.problem }
      report.problems.push(problem)
      options.onProblem?.(problem)
    }
    options.onProgress?.(at + 1, files.length)
  }
  return report
}

async function picturesIn(folder: string): Promise<string[]> {
  const found: string[] = []
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await picturesIn(path)))
    else if (entry.isFile() && pictureName.test(entry.name)) found.push(path)
  }
  return found
}

async function importPicture(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'config'>,
  path: string,
  { ownerId, tags }: { ownerId: number; tags: readonly string[] },
): Promise<'added' | 'present' | { problem: string }> {
  // Looked at before it is copied: a second run over a large folder then writes nothing.
  if (await ownsOriginal(ctx.db, ownerId, await hashOf(path))) return 'present'
  const facts = await inspectOrProblem(path)
  if (typeof facts === 'string') return { problem: facts }
  const incoming = await receive(ctx, path)
  if (typeof incoming === 'string') return { problem: incoming }

  const fileName = basename(path)
  try {
    const media = { incoming, facts, fileName }
    await addItem(ctx, OPERATOR, { ownerId, media, title: titleOf(fileName), tags })
    return 'added'
  } catch (error) {
    if (error instanceof LibraryError && error.reason.kind === 'invalid') return { problem: error.message }
    throw error
  }
}

/** `harbour_at-dawn.JPG` is "harbour at dawn". */
function titleOf(fileName: string): string {
  const stem = basename(fileName, extname(fileName))
  const words = stem.replaceAll(/[_\s]+|(?<=\p{L})-(?=\p{L})/gu, ' ').trim()
  return Array.from(words === '' ? stem : words)
    .slice(0, limits.titleChars)
    .join('')
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
