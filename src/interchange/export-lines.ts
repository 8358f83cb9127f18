import type { AccountRow, CollectionRow, ItemRow } from '../library/rows.ts'
import type { ValueOf } from './schemas.ts'
import { readCounts } from './stated-counts.ts'

/** A line in the words of the format; what is undefined is left out of the file. */
type Draft<V> = { [K in keyof V]?: V[K] | undefined }

const time = (ms: number) => new Date(ms).toISOString()
const given = <T>(value: T | null) => value ?? undefined
const yes = (flag: number) => (flag === 1 ? true : undefined)
const json = (text: string): Record<string, unknown> | undefined => {
  const value: unknown = JSON.parse(text)
  const named = Object.entries(Object(value))
  return named.length > 0 ? Object.fromEntries(named) : undefined
}

/** What is as it would be without being said is left out, so that lines stay short. */
export function accountLine(row: AccountRow, members: string[] | undefined): Draft<ValueOf<'account'>> {
  const links = Object.entries(json(row.links) ?? {}).flatMap(([name, url]) =>
    typeof url === 'string' ? [[name, url] as const] : [],
  )
  return {
    type: 'account',
    login: row.login,
    id: row.id,
    name: row.name,
    kind: row.kind,
    members,
    bio: given(row.bio),
    location: given(row.location),
    links: links.length > 0 ? Object.fromEntries(links) : undefined,
    role: row.role === 'member' ? undefined : row.role,
    pro: yes(row.pro),
    created_at: time(row.created_ms),
  }
}

/** What the line of an item tells that does not stand in its row. */
export interface ItemNames {
  owner: string
  team: string | undefined
  tags: string[] | undefined
  /** Path of the original. */
  media: string | undefined
}

export function itemLine(row: ItemRow, { owner, team, tags, media }: ItemNames): Draft<ValueOf<'item'>> {
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

const backups = ['delicious', 'pinboard', 'twitter', 'twitter_fav', 'instagram', 'instagram_fav'] as const
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

export function collectionLine(
  row: CollectionRow,
  owner: string,
  collaborators: { login: string; access: 'owner' | 'member' }[],
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
    collaborators: collaborators.length > 0 ? collaborators : undefined,
    created_at: time(row.created_ms),
    updated_at: time(row.updated_ms),
  }
}
