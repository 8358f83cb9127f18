import { releaseBlobs } from '../../library/garbage.ts'
import { cleanFileName } from '../../library/file-name.ts'
import { recountAttachments } from '../../library/store/items.ts'
import type { LineOf } from '../format/lines.ts'
import { withItem } from './named.ts'
import { msOf, type Step } from './step.ts'
import { attachmentsOfItems, insertAttachments, insertRenditions } from '../store/beside.ts'
import { logChanges } from '../store/bulk.ts'
import { takenIds } from '../store/numbered.ts'

/** Files attached to items. One of the same item, name and time is here already; without a time it has the item's. */
export async function importAttachments(step: Step, lines: readonly LineOf<'attachment'>[]): Promise<void> {
  const { ctx, db, startedAt } = step
  const named = await withItem(step, lines)
  const taken = await takenIds(
    db,
    'attachment',
    named.flatMap(({ line }) => line.value.id ?? []),
  )
  const there = await attachmentsOfItems(
    db,
    named.map(({ item }) => item.id),
  )
  const nameOf = (row: { item_id: number; file_name: string; created_ms: number }) =>
    JSON.stringify([row.item_id, row.file_name, row.created_ms])
  const known = new Set(there.map(nameOf))
  const rows = named.flatMap(({ item, line: { number, value } }) => {
    const media = step.media.get(number)
    if (!media) return []
    const row = {
      ...(value.id === undefined || taken.has(value.id) ? {} : { id: value.id }),
      item_id: item.id,
      blob_sha256: media.incoming.sha256,
      file_name: cleanFileName(value.file_name) ?? 'attachment',
      mime_type: media.facts?.mimeType ?? value.mime_type ?? 'application/octet-stream',
      size_bytes: media.incoming.sizeBytes,
      // A picture is shown once its small one is made, as after an upload.
      state: media.facts ? ('processing' as const) : ('ready' as const),
      views_count: value.views ?? 0,
      created_ms: msOf(value.at) ?? item.created_ms,
    }
    if (!known.has(nameOf(row))) return [row]
    step.present.add(number)
    return []
  })
  const made = await insertAttachments(db, rows)
  for (const { id, state } of made)
    if (state === 'processing')
      await ctx.queue.enqueue(db, { kind: 'process-attachment', payload: { attachment: id } })
  const items = [...new Set(rows.map(({ item_id }) => item_id))].toSorted((one, other) => one - other)
  for (const id of items) await recountAttachments(db, id)
  await logChanges(db, startedAt, [
    ...made.map(({ id }) => ({ noun: 'attachment', id, op: 'create' }) as const),
    ...items.map((id) => ({ noun: 'item', id, op: 'change' }) as const),
  ])
  await releaseUnused(step, lines, new Set(rows.map(({ blob_sha256 }) => blob_sha256)))
}

/** What was kept of pages. An item that has it already keeps its own. */
export async function importPageCopies(step: Step, lines: readonly LineOf<'page_copy'>[]): Promise<void> {
  const { db, startedAt } = step
  const named = await withItem(step, lines)
  const rows = named.flatMap(({ item, line: { number, value } }) => {
    const media = step.media.get(number)
    if (!media) return []
    const { incoming, facts } = media
    return {
      number,
      row: {
        item_id: item.id,
        name: value.name,
        blob_sha256: incoming.sha256,
        width: facts?.width ?? 0,
        height: facts?.height ?? 0,
        format: facts?.format ?? 'html',
        mime_type: facts?.mimeType ?? 'text/html',
        animated: 0 as const,
      },
    }
  })
  const made = await insertRenditions(
    db,
    rows.map(({ row }) => row),
  )
  const fresh = new Set(made.map(({ item_id, name }) => `${item_id} ${name}`))
  const isFresh = ({ row }: (typeof rows)[number]) => fresh.has(`${row.item_id} ${row.name}`)
  for (const one of rows) if (!isFresh(one)) step.present.add(one.number)
  await logChanges(
    db,
    startedAt,
    [...new Set(made.map(({ item_id }) => item_id))].map((id) => ({ noun: 'item', id, op: 'change' })),
  )
  await releaseUnused(step, lines, new Set(rows.filter(isFresh).map(({ row }) => row.blob_sha256)))
}

/** Bytes that were kept for lines that were refused, or told of what is here. */
async function releaseUnused(
  { ctx, db, media }: Step,
  lines: readonly LineOf<'attachment' | 'page_copy'>[],
  used: ReadonlySet<string>,
): Promise<void> {
  const hashes = lines.flatMap(({ number }) => media.get(number)?.incoming.sha256 ?? [])
  await releaseBlobs(
    ctx,
    db,
    ctx.clock(),
    hashes.filter((sha256) => !used.has(sha256)),
  )
}
