import type { Db } from '../../database/open.ts'
import { pageCopy } from '../../library/collecting-facts.ts'
import { pageCapture, pageThumbnail } from '../../library/page-captures.ts'
import { watchedTagsOf } from '../../library/store/account-settings.ts'
import { attachmentById } from '../../library/store/attachments.ts'
import { itemById } from '../../library/store/items.ts'
import { vacancyDetails } from '../../library/vacancies.ts'
import type { Originals, StoredOriginal } from './items.ts'
import { changed, given, time, yes } from './lines.ts'
import type { Bounds } from '../store/export.ts'
import {
  attachmentPages,
  blocks,
  filterPages,
  keptRenditions,
  namesOfTags,
  settingPages,
  sourceChangePages,
  tagChangePages,
  tagFactPages,
  vacancyPages,
} from '../store/export-beside.ts'

const blankless = (text: string | null) => text || undefined
const some = <T>(list: T[]) => (list.length > 0 ? list : undefined)

/** What accounts want and do not want to see, and what is said of tags. */
export async function* linesBeside(db: Db, bounds: Bounds): AsyncGenerator<object> {
  for await (const { login, target, created_ms } of blocks(db, bounds))
    yield { type: 'block', account: login, target, at: time(created_ms) }
  for await (const page of tagFactPages(db))
    for (const { name, category, description, short_description } of page)
      yield {
        type: 'tag',
        name,
        category: given(category),
        description: given(description),
        short_description: given(short_description),
      }
  yield* filterLines(db, bounds)
  for await (const page of settingPages(db, bounds))
    for (const row of page)
      yield {
        type: 'settings',
        account: row.login,
        filter: given(row.current_filter_id),
        items_per_page: given(row.items_per_page),
        watched_tags: some((await watchedTagsOf(db, row.id)).map(({ name }) => name)),
        watched_query: blankless(row.watched_query),
        watched_exclude_query: blankless(row.watched_exclude_query),
        hide_spoilered_watched: yes(row.hide_spoilered_watched ?? 0),
      }
}

async function* filterLines(db: Db, bounds: Bounds): AsyncGenerator<object> {
  for await (const page of filterPages(db, bounds))
    for (const row of page) {
      const [hidden, spoilered] = [idsIn(row.hidden_tag_ids), idsIn(row.spoilered_tag_ids)]
      const names = await namesOfTags(db, [...hidden, ...spoilered])
      yield {
        type: 'filter',
        id: row.id,
        owner: row.login,
        name: row.name,
        description: blankless(row.description),
        hidden_tags: some(hidden.flatMap((id) => names.get(id) ?? [])),
        spoilered_tags: some(spoilered.flatMap((id) => names.get(id) ?? [])),
        hidden_complex: blankless(row.hidden_complex),
        spoilered_complex: blankless(row.spoilered_complex),
        public: yes(row.public),
        created_at: time(row.created_ms),
        updated_at: changed(row),
      }
    }
}

function idsIn(json: string): number[] {
  const read: unknown = JSON.parse(json)
  return Array.isArray(read) ? read.filter((id) => typeof id === 'number') : []
}

/** Files attached to items, and what was kept of pages: the page itself may be gone. */
export async function* filesBeside(db: Db, bounds: Bounds, originals: Originals): AsyncGenerator<object> {
  for await (const page of attachmentPages(db, bounds))
    for (const row of page) {
      const media = await writtenUnlessGone(originals, { ...row, format: null }, () =>
        attachmentById(db, row.id),
      )
      if (media === null) continue
      yield {
        type: 'attachment',
        id: row.id,
        item: row.item_id,
        media,
        sha256: row.blob_sha256,
        file_name: row.file_name,
        mime_type: row.mime_type,
        views: row.views_count > 0 ? row.views_count : undefined,
        at: time(row.created_ms),
      }
    }
  for await (const row of keptRenditions(db, [pageCopy, pageCapture, pageThumbnail], bounds)) {
    const media = await writtenUnlessGone(originals, row, () => itemById(db, row.item_id))
    if (media === null) continue
    yield { type: 'page_copy', item: row.item_id, name: row.name, media, sha256: row.blob_sha256 }
  }
}

/** Bytes may be missing because what they belong to was deleted since its row was read; otherwise it is an error. */
async function writtenUnlessGone(
  originals: Originals,
  row: StoredOriginal,
  find: () => Promise<object | null>,
): Promise<string | undefined | null> {
  try {
    return await originals.write(row)
  } catch (error) {
    if ((await find()) === null) return null
    throw error
  }
}

export async function* historyLines(db: Db, bounds: Bounds): AsyncGenerator<object> {
  for await (const page of tagChangePages(db, bounds))
    for (const row of page)
      yield {
        type: 'tag_change',
        item: row.item_id,
        account: given(row.login),
        tag: row.tag_name,
        added: row.added === 1,
        at: time(row.created_ms),
      }
  for await (const page of sourceChangePages(db, bounds))
    for (const row of page)
      yield {
        type: 'source_change',
        item: row.item_id,
        account: given(row.login),
        from: given(row.old_source),
        to: given(row.new_source),
        at: time(row.created_ms),
      }
}

export async function* lastLines(db: Db, bounds: Bounds): AsyncGenerator<object> {
  for await (const page of vacancyPages(db, bounds))
    for (const row of page)
      yield {
        type: 'vacancy',
        id: row.id,
        account: row.login,
        organization_name: row.organization_name,
        title: row.title,
        location: row.location,
        url: row.url,
        description: given(row.description),
        active: row.active === 0 ? false : undefined,
        team: given(row.team),
        details: row.details === '{}' ? undefined : vacancyDetails(row),
        starts_at: time(row.starts_ms),
        ends_at: time(row.ends_ms),
        created_at: time(row.created_ms),
        updated_at: changed(row),
      }
}
