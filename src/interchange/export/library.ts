import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Context } from '../../context.ts'
import type { Db } from '../../database/open.ts'
import { tagsOfItems } from '../../library/store/tags.ts'
import { filesBeside, historyLines, lastLines, linesBeside } from './beside.ts'
import { accountLine, changed, collectionLine, time } from './lines.ts'
import { itemLines, type Originals } from './items.ts'
import { openOriginals } from './originals.ts'
import {
  accountPages,
  aliasPages,
  boundsOf,
  collaboratorsOf,
  collectionPages,
  commentPages,
  entryPages,
  followPages,
  implications,
  loginsOf,
  membersOf,
  reactionPages,
  watchesOf,
  type Bounds,
} from '../store/export.ts'
import { invitationsOf, likesOfComments, pastZonesOf } from '../store/export-beside.ts'

export interface ExportOptions {
  /** Pack the file: `library.jsonl.gz` in place of `library.jsonl`. */
  gzip?: boolean
  /** What the first line says of where and when; left out, two exports of one state are equal. */
  origin?: string
  exportedAt?: Date
  /** Lines written so far. */
  onProgress?: (lines: number) => void
}

export interface ExportReport {
  /** The file of lines. */
  path: string
  lines: number
  /** Originals in the folder, and how many of them this run wrote. */
  originals: { total: number; written: number }
}

/**
 * Writes the library in the interchange format: a file of lines, and a folder `media` of originals beside it. Run
 * again, it writes the file anew and only those originals that are missing. What is added meanwhile is left out.
 *
 * @throws the file system's error; then a file of an earlier run is still in place.
 */
export async function exportLibrary(
  ctx: Pick<Context, 'db' | 'blobs'>,
  folder: string,
  options: ExportOptions = {},
): Promise<ExportReport> {
  const root = resolve(folder)
  await mkdir(root, { recursive: true })
  const path = join(root, options.gzip ? 'library.jsonl.gz' : 'library.jsonl')
  const draft = `${path}.partial`
  const originals = openOriginals(ctx, root)
  let lines = 0
  async function* texts() {
    let text = ''
    for await (const line of allLines(ctx.db, originals, options)) {
      lines += 1
      text += `${JSON.stringify(line)}\n`
      if (text.length < 64 * 1024) continue
      yield text
      text = ''
      options.onProgress?.(lines)
    }
    yield text
  }
  try {
    const file = createWriteStream(draft)
    const source = Readable.from(texts())
    await (options.gzip ? pipeline(source, createGzip(), file) : pipeline(source, file))
    await syncFile(draft)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  return { path, lines, originals: originals.count() }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Every line, so that each names only what stands above it. */
async function* allLines(db: Db, originals: Originals, options: ExportOptions): AsyncGenerator<object> {
  const bounds = await boundsOf(db)
  yield {
    type: 'library',
    format: 1,
    exported_at: options.exportedAt?.toISOString(),
    origin: options.origin,
  }
  yield* accountLines(db, bounds)
  for await (const page of aliasPages(db))
    for (const { name, target } of page) yield { type: 'alias', name, target }
  for await (const { tag, implies } of implications(db)) yield { type: 'implication', tag, implies }
  yield* linesBeside(db, bounds)
  yield* itemLines(db, bounds, { originals, tagsOf: (ids) => tagsOfItems(db, ids) })
  yield* filesBeside(db, bounds, originals)
  yield* historyLines(db, bounds)
  yield* reactionLines(db, bounds)
  yield* collectionLines(db, bounds)
  for await (const page of followPages(db, bounds))
    for (const { follower, followee, created_ms } of page)
      yield { type: 'follow', account: follower, target: followee, at: time(created_ms) }
  yield* lastLines(db, bounds)
}

async function* accountLines(db: Db, bounds: Bounds): AsyncGenerator<object> {
  for await (const page of accountPages(db, 'person', bounds)) {
    const zones = await pastZonesOf(db, idsOf(page))
    for (const row of page) yield accountLine(row, { pastZones: zones.get(row.id) })
  }
  for await (const page of accountPages(db, 'team', bounds)) {
    const zones = await pastZonesOf(db, idsOf(page))
    const members = await membersOf(db, idsOf(page), bounds)
    for (const row of page)
      yield accountLine(row, { members: members.get(row.id), pastZones: zones.get(row.id) })
  }
}

const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)

async function* reactionLines(db: Db, bounds: Bounds): AsyncGenerator<object> {
  for await (const page of reactionPages(db, bounds))
    for (const { item_id, login, sort, created_ms } of page)
      yield { type: 'reaction', item: item_id, account: login, sort, at: time(created_ms) }
  for await (const page of commentPages(db, bounds)) {
    const likes = await likesOfComments(db, idsOf(page), bounds)
    for (const row of page)
      yield {
        type: 'comment',
        id: row.id,
        item: row.item_id,
        account: row.login,
        body: row.body,
        likes: likes.get(row.id)?.map(({ login, created_ms }) => ({ account: login, at: time(created_ms) })),
        at: time(row.created_ms),
        updated_at: changed(row),
      }
  }
}

async function* collectionLines(db: Db, bounds: Bounds): AsyncGenerator<object> {
  for await (const page of collectionPages(db, bounds)) {
    const owners = await loginsOf(
      db,
      page.map(({ owner_id }) => owner_id),
    )
    for (const row of page) {
      const owner = owners.get(row.owner_id) ?? ''
      const collaborators = await collaboratorsOf(db, row.id)
      yield collectionLine(row, { owner, collaborators, newestItem: bounds.item })
      for await (const entries of entryPages(db, row.id, bounds))
        for (const { item_id, position, added_ms } of entries)
          yield { type: 'collection_item', collection: row.id, item: item_id, position, at: time(added_ms) }
      for (const { login, created_ms } of await watchesOf(db, row.id))
        yield { type: 'watch', account: login, target: row.id, at: time(created_ms) }
      for (const one of await invitationsOf(db, row.id, bounds))
        yield {
          type: 'invitation',
          collection: row.id,
          account: one.login,
          access: one.access,
          invited_by: one.by,
          at: time(one.created_ms),
        }
    }
  }
}
