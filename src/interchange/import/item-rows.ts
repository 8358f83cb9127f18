import { randomBytes } from 'node:crypto'
import { cleanFileName } from '../../library/file-name.ts'
import type { NewItemRow } from '../../library/store/items.ts'
import type { LineOf } from '../format/lines.ts'
import type { PreparedMedia } from './originals.ts'
import type { ValueOf } from '../format/schemas.ts'
import { msOf, type Step } from './step.ts'

/** What a line names, in numbers of the library. */
export interface NamedIds {
  owner: number
  team: number | null
  reboundOf: number | null
  mergedInto: number | null
}

const flag = (on: boolean | undefined) => (on ? 1 : 0)
const blankIsNull = (text: string | undefined) => (text?.trim() ? text : null)

/** The row of a new item. Every row has the same columns, so that many make one statement. */
export function itemRow(step: Step, line: LineOf<'item'>, named: NamedIds) {
  const { value } = line
  const media = step.media.get(line.number)
  return {
    ...(step.options.renumber ? {} : { id: value.id }),
    uid: value.uid ?? randomBytes(12).toString('hex'),
    kind: value.kind,
    owner_id: named.owner,
    team_id: named.team,
    anonymous: flag(value.anonymous),
    title: blankIsNull(value.title),
    description: blankIsNull(value.description),
    source_url: blankIsNull(value.source_url),
    content: JSON.stringify(value.content ?? {}),
    // A picture is shown once its renditions are made, as after an upload; anything else is complete.
    state: media?.facts ? 'processing' : 'ready',
    visibility: value.visibility ?? 'public',
    merged_into: named.mergedInto,
    removal_reason: blankIsNull(value.removal_reason),
    low_profile: flag(value.low_profile),
    rebound_of: named.reboundOf,
    taken_on: value.taken_on ?? null,
    backup_of: value.backup_of ?? null,
    ...times(value, step.startedAt),
    ...(media ? mediaColumns(value, media) : knownColumns(value)),
    ...countColumns(value.counts),
  } as const satisfies NewItemRow
}

function times(value: ValueOf<'item'>, now: Date) {
  const first = value.first_seen_at
  const firstSeen =
    typeof first === 'object' ? Math.round(now.getTime() - first.before_now_seconds * 1000) : msOf(first)
  const published = msOf(value.published_at)
  const created = msOf(value.created_at) ?? published ?? firstSeen ?? now.getTime()
  const scheduled = msOf(value.scheduled_for) ?? null
  return {
    created_ms: created,
    updated_ms: msOf(value.updated_at) ?? created,
    first_seen_ms: firstSeen ?? created,
    scheduled_ms: scheduled,
    published_ms: scheduled === null ? (published ?? created) : null,
  }
}

/** What the bytes say goes before what the line says. */
function mediaColumns(value: ValueOf<'item'>, { incoming, facts, fileName }: PreparedMedia) {
  const known = knownColumns(value)
  return {
    ...known,
    blob_sha256: incoming.sha256,
    file_name: cleanFileName(fileName),
    size_bytes: incoming.sizeBytes,
    sha512: null,
    ...(facts === null
      ? {}
      : {
          mime_type: facts.mimeType,
          format: facts.format,
          width: facts.width,
          height: facts.height,
          frames: facts.frames,
          duration_seconds: facts.durationMs > 0 ? facts.durationMs / 1000 : null,
        }),
  }
}

function knownColumns(value: ValueOf<'item'>) {
  return {
    blob_sha256: null,
    file_name: cleanFileName(value.file_name ?? null),
    mime_type: value.mime_type ?? null,
    format: value.format ?? null,
    width: value.width ?? null,
    height: value.height ?? null,
    // Of an animation whose frames nobody can count: more than one.
    frames: value.animated === undefined ? null : value.animated ? 2 : 1,
    duration_seconds: value.duration ?? null,
    size_bytes: value.size ?? null,
    sha512: value.sha512 ?? null,
    orig_sha512: value.orig_sha512 ?? null,
    media_hash: value.media_hash ?? null,
  }
}

/** The count shown is the one stated; `stated_counts` is what it exceeds the rows by, and there are no rows yet. */
function countColumns({ faves, upvotes, downvotes, comments, views }: ValueOf<'item'>['counts'] = {}) {
  const stated = { faves, upvotes, downvotes, comments }
  const isStated = Object.values(stated).some((count) => count !== undefined)
  return {
    faves_count: faves ?? 0,
    upvotes_count: upvotes ?? 0,
    downvotes_count: downvotes ?? 0,
    comments_count: comments ?? 0,
    views_count: views ?? 0,
    stated_counts: isStated ? JSON.stringify(stated) : null,
  }
}
