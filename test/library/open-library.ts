import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { openContext, type OpenContext } from '../../src/context.ts'
import { jobHandlers } from '../../src/jobs/index.ts'
import { addAccount, type NewAccount } from '../../src/library/accounts.ts'
import { LibraryError, type Reason } from '../../src/library/errors.ts'
import { addItem, type NewItem } from '../../src/library/items.ts'
import type { AccountRow } from '../../src/library/rows.ts'
import type { Viewer } from '../../src/library/viewer.ts'
import { inspectPicture } from '../../src/media/inspect.ts'
import { workingClock, type TestClock } from '../helpers/clock.ts'
import type { TestDatabase } from '../helpers/databases.ts'
import { temporaryFolder } from '../helpers/folders.ts'
import { sharedMedia } from '../helpers/media.ts'
import { pageWorker } from '../helpers/page-worker.ts'
import { samplePicture, type PictureOptions } from '../helpers/pictures.ts'

/** A library without a server over it, on an empty database and a folder of its own. */
export interface TestLibrary extends AsyncDisposable {
  ctx: OpenContext
  clock: TestClock
  folder: string
  runJobs: () => Promise<number>
}

export async function openLibrary(
  { at }: Pick<TestDatabase, 'at'> = { at: { file: '' } },
  settings: Record<string, string> = {},
  log = pino({ level: 'silent' }),
): Promise<TestLibrary> {
  const folder = await temporaryFolder()
  // Ahead of the file system's clock, so that what is left behind counts as old when a test says so.
  const clock = workingClock(new Date(Date.now() + 60_000).toISOString())
  const config = readConfig({
    VITRINE_DATA: folder.path,
    ...('url' in at ? { DATABASE_URL: at.url } : {}),
    ...settings,
  })
  const ctx = await openContext(config, {
    clock: clock.now,
    log,
    media: sharedMedia(),
    pageWorker,
  })
  const handlers = jobHandlers(ctx)
  return {
    ctx,
    clock,
    folder: folder.path,
    runJobs: () => ctx.queue.runDue(handlers),
    async [Symbol.asyncDispose]() {
      await ctx.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export interface Person {
  account: AccountRow
  viewer: Viewer
}

export async function person(
  { ctx }: TestLibrary,
  login: string,
  extra: Partial<NewAccount> = {},
): Promise<Person> {
  const account = await addAccount(ctx, { login, ...extra })
  return { account, viewer: viewerOf(account) }
}

export const viewerOf = ({ id, role }: Pick<AccountRow, 'id' | 'role'>): Viewer => ({
  accountId: id,
  role,
  scopes: null,
  app: null,
})

/** A picture as a face hands it on: arrived and looked at. */
export async function arrived({ ctx }: TestLibrary, picture: Partial<PictureOptions> | Buffer = {}) {
  const bytes = Buffer.isBuffer(picture)
    ? picture
    : await samplePicture({ width: 400, height: 300, ...picture })
  const incoming = await ctx.blobs.receive(Readable.from([bytes]), { maxBytes: 10_000_000 })
  return { incoming, facts: await inspectPicture(incoming.path), fileName: 'picture.png' }
}

/** An item without a picture, ready at once. */
export async function addNote(
  library: TestLibrary,
  who: Person,
  input: Partial<NewItem> = {},
): Promise<number> {
  const { id } = await addItem(library.ctx, who.viewer, {
    ownerId: who.account.id,
    title: 'A note',
    ...input,
  })
  return id
}

/** An item with a picture, ready when this returns. */
export async function addPicture(
  library: TestLibrary,
  who: Person,
  input: Partial<NewItem> & { picture?: Partial<PictureOptions> | Buffer } = {},
): Promise<number> {
  const { picture, ...fields } = input
  const media = await arrived(library, picture)
  const { id } = await addItem(library.ctx, who.viewer, { ownerId: who.account.id, media, ...fields })
  await library.runJobs()
  return id
}

export async function storedBlobs({ ctx }: TestLibrary): Promise<string[]> {
  const found: string[] = []
  for await (const { sha256 } of ctx.blobs.list()) found.push(sha256)
  return found.toSorted()
}

export const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex')

/** Why something was refused. */
export async function refused(work: Promise<unknown>): Promise<Reason> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof LibraryError, `it was not refused: ${String(error)}`)
  return error.reason
}

/** The fields that were wrong, or the kind of the refusal. */
export const fieldsOf = (reason: Reason) =>
  reason.kind === 'invalid' ? reason.problems.map(({ field }) => field) : reason.kind

export async function tagCounts({ ctx }: TestLibrary): Promise<Record<string, number>> {
  const rows = await ctx.db.selectFrom('tag').select(['name', 'items_count']).orderBy('id').execute()
  return Object.fromEntries(rows.map(({ name, items_count }) => [name, items_count]))
}
