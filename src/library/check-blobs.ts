import type { Context } from '../context.ts'
import type { CheckProblem, CheckRun } from './check.ts'
import { findOrphans } from './garbage.ts'
import { specsFor } from './renditions.ts'
import { amongGarbage, deleteRenditionsOf, readyOriginals, usesOf, type BlobUses } from './store/blob-uses.ts'
import { blobsAfter, knownBlobs, markGarbage } from './store/blobs.ts'
import { renditionsOfItems } from './store/renditions.ts'

const batch = 200
type Checking = Pick<Context, 'db' | 'clock' | 'blobs' | 'queue'>

/** Every blob row has its bytes, sound and of the size it says. Returns how many there are. */
export async function checkBlobRows(ctx: Checking, run: CheckRun): Promise<number> {
  let count = 0
  let after = ''
  for (;;) {
    const rows = await blobsAfter(ctx.db, after, batch)
    for (const row of rows) {
      const state = await ctx.blobs.verify(row.sha256)
      // A server may have collected it since its row was read.
      if (state !== 'ok' && !(await knownBlobs(ctx.db, [row.sha256])).has(row.sha256)) continue
      if (state !== 'ok') run.report(await brokenBlob(ctx, run, row.sha256, state))
      else if ((await ctx.blobs.size(row.sha256)) !== row.size_bytes)
        run.report({ kind: 'blob-size', subject: row.sha256, detail: 'The row tells another size.' })
    }
    count += rows.length
    const last = rows.at(-1)
    if (!last) return count
    after = last.sha256
  }
}

async function brokenBlob(
  ctx: Checking,
  run: CheckRun,
  sha256: string,
  state: 'missing' | 'damaged',
): Promise<CheckProblem> {
  const uses = await usesOf(ctx.db, sha256)
  const lost = [...uses.items, ...uses.attachments, ...uses.accounts].length > 0
  const repaired = run.repair && !lost
  if (repaired) await remake(ctx, sha256, uses)
  const detail = lost ? `Needed by ${describe(uses)}; restore it from a backup.` : 'It can be made again.'
  return { kind: `blob-${state}`, subject: sha256, detail, repaired }
}

/** Nothing but renditions: forget them, and have them made again. */
async function remake(ctx: Checking, sha256: string, { renditions }: BlobUses): Promise<void> {
  await ctx.db.transaction().execute(async (db) => {
    await deleteRenditionsOf(db, sha256)
    await markGarbage(db, ctx.clock(), [sha256])
    for (const item of renditions)
      await ctx.queue.enqueue(db, { kind: 'process-item', payload: { item, again: true } })
  })
}

function describe({ items, attachments, accounts }: BlobUses): string {
  const parts = [
    ...items.map((id) => `item ${id}`),
    ...attachments.map((id) => `attachment ${id}`),
    ...accounts.map((id) => `account ${id}`),
  ]
  return parts.length > 5 ? `${parts.slice(0, 5).join(', ')} and ${parts.length - 5} more` : parts.join(', ')
}

/** Every stored blob is needed by something, or is on its way out. */
export async function checkOrphans(ctx: Checking, run: CheckRun, graceMs: number): Promise<void> {
  for await (const { sha256, known } of findOrphans(ctx, graceMs)) {
    if ((await amongGarbage(ctx.db, [sha256])).has(sha256)) continue
    if (run.repair) await markGarbage(ctx.db, ctx.clock(), [sha256])
    const detail = known ? 'Nothing refers to it.' : 'It has no row.'
    run.report({ kind: 'blob-unused', subject: sha256, detail, repaired: run.repair })
  }
}

/** Every item that is ready has the pictures that are made of its original. */
export async function checkRenditions(ctx: Checking, run: CheckRun): Promise<void> {
  let after = 0
  for (;;) {
    const items = await readyOriginals(ctx.db, after, batch)
    const last = items.at(-1)
    if (!last) return
    after = last.id
    const renditions = await renditionsOfItems(
      ctx.db,
      items.map(({ id }) => id),
    )
    for (const { id, width, height, frames } of items) {
      const has = new Set((renditions.get(id) ?? []).map(({ name }) => name))
      const wanted = specsFor({ width: width ?? 0, height: height ?? 0, frames: frames ?? 1 })
      const missing = wanted.filter(({ name }) => !has.has(name)).map(({ name }) => name)
      if (missing.length === 0 || !(await isStillReady(ctx, id))) continue
      if (run.repair)
        await ctx.queue.enqueue(ctx.db, { kind: 'process-item', payload: { item: id, again: true } })
      const detail = `It has no ${missing.join(', ')}.`
      run.report({ kind: 'rendition-missing', subject: `item ${id}`, detail, repaired: run.repair })
    }
  }
}

/** A server may have deleted it since the list was read. */
async function isStillReady({ db }: Checking, id: number): Promise<boolean> {
  const [next] = await readyOriginals(db, id - 1, 1)
  return next?.id === id
}
