import { hashtagsOf } from '../../library/hashtags.ts'
import type { ArchiveRow } from './rows.ts'

/** A bookmark as the services keep it. */
export interface Bookmark {
  place: string
  url: string
  title: string | null
  description: string | null
  tags: readonly string[]
  isPrivate: boolean
  /** To be read later; becomes a tag. */
  isUnread: boolean
  createdMs: number | null
  backupOf: string | null
}

/** The name that Pinboard and its clients use. */
const unreadTag = 'toread'

/** A bookmark as a page of the library: what one that is collected by its address has, without the look at the page. */
export function bookmarkRow(bookmark: Bookmark): ArchiveRow {
  const { place, url, title, description, tags, isPrivate, isUnread, createdMs, backupOf } = bookmark
  return {
    place,
    key: url,
    kind: 'page',
    title: title?.trim() ? title : url,
    description,
    url,
    tags: isUnread ? [...tags, unreadTag] : tags,
    isPrivate,
    createdMs,
    backupOf,
    content: { original: url },
    text: '',
    media: null,
  }
}

/** Names in one text: between commas where there is one, else between spaces. */
export function splitTags(text: string): string[] {
  return text.split(text.includes(',') ? ',' : /\s+/)
}

/** The tags of a text that people wrote, as everywhere in the library. */
export const tagsIn = hashtagsOf
