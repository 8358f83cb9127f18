import { join } from 'node:path'
import {
  importArchive,
  type ImportArchiveOptions,
  type RowOutcome,
} from '../../../src/interchange/archives/import-archive.ts'
import type { ArchiveService } from '../../../src/interchange/archives/services.ts'
import { addAccount } from '../../../src/library/accounts.ts'
import { tagsOfItems } from '../../../src/library/store/tags.ts'
import type { TestDatabase } from '../../helpers/databases.ts'
import { openArchive, type Archive } from '../archive.ts'

export interface Importing extends Archive {
  /** Writes a file and imports it for ada. */
  bring: (
    service: ArchiveService,
    name: string,
    bytes: Buffer | string,
    options?: Partial<ImportArchiveOptions>,
  ) => Promise<Brought>
  /** Imports what is in the folder of archives under this name. */
  bringFrom: (
    service: ArchiveService,
    name: string,
    options?: Partial<ImportArchiveOptions>,
  ) => Promise<Brought>
  /** Items in the order of their numbers, with their tags. */
  items: () => Promise<Shown[]>
}

type Brought = Awaited<ReturnType<typeof importArchive>> & { outcomes: RowOutcome[] }

export type Shown = Awaited<ReturnType<typeof itemsOf>>[number]

/** An empty library in which ada has an account. */
export async function openImporting(
  database: TestDatabase,
  settings: Record<string, string> = {},
): Promise<Importing> {
  const archive = await openArchive(database, settings)
  await addAccount(archive.ctx, { login: 'ada' })
  const bringFrom: Importing['bringFrom'] = async (service, name, options = {}) => {
    const outcomes: RowOutcome[] = []
    const report = await importArchive(archive.ctx, join(archive.folder, name), {
      service,
      accountLogin: 'ada',
      onOutcome: (outcome) => void outcomes.push(outcome),
      ...options,
    })
    return { ...report, outcomes }
  }
  return {
    ...archive,
    bringFrom,
    async bring(service, name, bytes, options) {
      await archive.put(name, Buffer.from(bytes))
      return bringFrom(service, name, options)
    },
    items: () => itemsOf(archive),
    [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose](),
  }
}

async function itemsOf({ ctx: { db } }: Archive) {
  const rows = await db.selectFrom('item').selectAll().orderBy('id').execute()
  const ids = rows.map(({ id }) => id)
  const tags = await tagsOfItems(db, ids)
  const texts = ids.length === 0 ? [] : await db.selectFrom('item_text').selectAll().execute()
  const textOf = new Map(texts.map(({ item_id, text }) => [item_id, text]))
  return rows.map((row) => ({
    kind: row.kind,
    title: row.title,
    description: row.description,
    url: row.source_url,
    tags: tags.get(row.id) ?? [],
    visibility: row.visibility,
    at: new Date(row.created_ms).toISOString(),
    backupOf: row.backup_of,
    content: JSON.parse(row.content) as unknown,
    text: textOf.get(row.id) ?? null,
    mediaHash: row.media_hash,
    row,
  }))
}

/** The parts of an item that a test names. */
export function partsOf(items: readonly Shown[], ...names: (keyof Shown)[]): unknown[][] {
  return items.map((item) => names.map((name) => item[name]))
}

/** What was refused, as `place: reason`. */
export function refusalsOf(outcomes: readonly RowOutcome[]): string[] {
  return outcomes.flatMap((one) => (one.outcome === 'refused' ? [`${one.place}: ${one.reason}`] : []))
}

export async function* piecesOf(text: string, size: number): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}
