import type { AccountRow, CollectionRow, ItemRow } from '../../library/rows.ts'
import type { ValueOf } from '../format/schemas.ts'
import { readCounts } from '../import/stated-counts.ts'
import type { MemberName } from '../store/export.ts'
import type { PastZone } from '../store/export-beside.ts'

/** A line in the words of the format; what is undefined is left out of the file. */
type Draft<V> = { [K in keyof V]?: V[K] | undefined }

export const time = (ms: number) => new Date(ms).toISOString()
export const given = <T>(value: T | null) => value ?? undefined
export const yes = (flag: number) => (flag === 1 ? true : undefined)
/** When something was changed, unless that is when it was made. */
export const changed = (row: { created_ms: number; updated_ms: number }) =>
  row.updated_ms === row.created_ms ? undefined : time(row.updated_ms)
const json = (text: string): Record<string, unknown> | undefined => {
  const value: unknown = JSON.parse(text)
  const named = Object.entries(Object(value))
  return named.length > 0 ? Object.fromEntries(named) : undefined
}

/** What is as it would be without being said is left out, so that lines stay short. */
export function accountLine(
  row: AccountRow,
  { members, pastZones }: { members?: MemberName[] | undefined; pastZones?: PastZone[] | undefined },
): Draft<ValueOf<'account'>> {
  const links = Object.entries(json(row.links) ?? {}).flatMap(([name, url]) =>
    typeof url === 'string' ? [[name, url] as const] : [],
  )
  return {
    type: 'account',
    login: row.login,
    id: row.id,
    uid: row.uid,
    name: row.name,
    kind: row.kind,
    members: members?.map(({ login }) => login),
    members_since: members?.map(({ login, created_ms }) => ({ login, since: time(created_ms) })),
    bio: given(row.bio),
    location: given(row.location),
    links: links.length > 0 ? Object.fromEntries(links) : undefined,
    role: row.role === 'member' ? undefined : row.role,
    pro: yes(row.pro),
    may_upload: row.may_upload === 0 ? false : undefined,
    suspended: yes(row.suspended),
    stellar: yes(row.stellar),
    time_zone: given(row.time_zone),
    past_time_zones: pastZones?.map(({ time_zone, until_ms }) => ({ time_zone, until: time(until_ms) })),
    created_at: time(row.created_ms),
    updated_at: changed(row),
  }
}

/** What the line of an item tells that does not stand in its row. */
export interface ItemNames {
  owner: string
  team: string | undefined
  tags: string[] | undefined
  /** Path of the original. */
  media: string | undefined
  /** What searches find in it besides. */
  text: string | undefined
}

export function itemLine(
  row: ItemRow,
  { owner, team, tags, media, text }: ItemNames,
): Draft<ValueOf<'item'>> {
  return {
    type: 'item',
    id: row.id,
    uid: row.uid,
    kind: row.kind,
    owner,
    team,
    anonymous: yes(row.anonymous),
    title: given(row.title),
    description: given(row.description),
    source_url: given(row.source_url),
    tags,
    media,
    sha256: given(row.blob_sha256),
    ...knownOriginal(row),
    media_hash: given(row.media_hash),
    found_text: text,
    content: json(row.content),
    visibility: row.visibility === 'public' ? undefined : row.visibility,
    merged_into: given(row.merged_into),
    removal_reason: given(row.removal_reason),
    created_at: time(row.created_ms),
    updated_at: time(row.updated_ms),
    first_seen_at: time(row.first_seen_ms),
    published_at: row.published_ms === null ? undefined : time(row.published_ms),
    scheduled_for: row.scheduled_ms === null ? undefined : time(row.scheduled_ms),
    low_profile: yes(row.low_profile),
    rebound_of: given(row.rebound_of),
    taken_on: given(row.taken_on),
    backup_of: backupOf(row.backup_of),
    counts: countsOf(row),
  }
}

function knownOriginal(row: ItemRow): Draft<ValueOf<'item'>> {
  return {
    width: given(row.width),
    height: given(row.height),
    format: given(row.format),
    mime_type: given(row.mime_type),
    file_name: given(row.file_name),
    size: given(row.size_bytes),
    sha512: given(row.sha512),
    orig_sha512: given(row.orig_sha512),
    duration: given(row.duration_seconds),
    animated: row.frames === null ? undefined : row.frames > 1,
  }
}

const backups = [
  'delicious',
  'pinboard',
  'twitter',
  'twitter_fav',
  'instagram',
  'instagram_fav',
  'other',
] as const
const backupOf = (text: string | null) => backups.find((one) => one === text)

/** Counts that an archive stated, as they stand now, and views, which leave no rows. */
function countsOf(row: ItemRow): ValueOf<'item'>['counts'] | undefined {
  const stated = row.stated_counts === null ? {} : readCounts(row.stated_counts)
  const counts = {
    ...('upvotes' in stated ? { upvotes: row.upvotes_count } : {}),
    ...('downvotes' in stated ? { downvotes: row.downvotes_count } : {}),
    ...('faves' in stated ? { faves: row.faves_count } : {}),
    ...('comments' in stated ? { comments: row.comments_count } : {}),
    ...(row.views_count > 0 ? { views: row.views_count } : {}),
  }
  return Object.keys(counts).length > 0 ? counts : undefined
}

/** What the line of a collection tells that does not stand in its row. */
export interface CollectionNames {
  owner: string
  collaborators: { login: string; access: 'owner' | 'member'; created_ms: number }[]
  /** The last item of the export: what is newer cannot be named. */
  newestItem: number
}

export function collectionLine(
  row: CollectionRow,
  { owner, collaborators, newestItem }: CollectionNames,
): Draft<ValueOf<'collection'>> {
  return {
    type: 'collection',
    id: row.id,
    uid: row.uid,
    owner,
    title: row.title,
    kind: row.kind,
    slug: row.slug,
    description: given(row.description),
    private: yes(row.private),
    spoiler_warning: given(row.spoiler_warning),
    order_position_asc: yes(row.order_position_asc),
    thumbnail: (row.thumbnail_item_id ?? 0) > newestItem ? undefined : given(row.thumbnail_item_id),
    notable: yes(row.notable),
    collaborators: collaborators.length > 0 ? collaborators.map(collaborator) : undefined,
    created_at: time(row.created_ms),
    updated_at: time(row.updated_ms),
  }
}

const collaborator = (one: { login: string; access: 'owner' | 'member'; created_ms: number }) => ({
  login: one.login,
  access: one.access,
  since: time(one.created_ms),
})
