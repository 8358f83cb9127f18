import type { Context } from '../context.ts'
import type { FieldTable } from '../search/fields.ts'
import { signedIn } from './accounts.ts'
import { invalid, LibraryError } from './errors.ts'
import { refuseProblems } from './fields.ts'
import { savedSearchProblems } from './saved-searches.ts'
import {
  changeAccountSettings,
  deleteTagWatch,
  insertTagWatch,
  settingsRow,
  watchedTagsOf,
} from './store/account-settings.ts'
import { recordChange } from './store/changes.ts'
import { currentTags } from './store/tag-lists.ts'
import type { Viewer } from './viewer.ts'

/** How a person wants the library shown. */
export interface AccountSettings {
  /** Null for the default filter. Chosen with `chooseFilter`. */
  currentFilterId: number | null
  /** 4 to 50; null for the default of each face. */
  itemsPerPage: number | null
  /** Searches, one a line, of what is watched besides tags, and of what is left out of it; '' for none. */
  watchedQuery: string
  watchedExcludeQuery: string
  /** Whether what the filter spoilers is left out of what is watched. */
  hideSpoileredWatched: boolean
}

export type SettingsChange = Partial<Omit<AccountSettings, 'currentFilterId'>>

const mostWatchedTags = 1000

/** Everything as the installation has it for somebody who never said otherwise, and for nobody in particular. */
export async function accountSettings(ctx: Pick<Context, 'db'>, viewer: Viewer): Promise<AccountSettings> {
  const row = viewer.accountId === null ? null : await settingsRow(ctx.db, viewer.accountId)
  return {
    currentFilterId: row?.current_filter_id ?? null,
    itemsPerPage: row?.items_per_page ?? null,
    watchedQuery: row?.watched_query ?? '',
    watchedExcludeQuery: row?.watched_exclude_query ?? '',
    hideSpoileredWatched: row?.hide_spoilered_watched === 1,
  }
}

/**
 * Changes the settings given and leaves the others alone.
 *
 * @param fields The names in which the searches are written.
 * @throws LibraryError `not_signed_in`, `invalid`.
 */
export async function changeSettings(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  change: SettingsChange,
  fields: FieldTable,
): Promise<AccountSettings> {
  const me = signedIn(viewer)
  const now = ctx.clock()
  const { itemsPerPage, watchedQuery, watchedExcludeQuery, hideSpoileredWatched } = change
  const odd = typeof itemsPerPage === 'number' && !isPageSize(itemsPerPage)
  refuseProblems([
    ...(odd ? [{ field: 'items_per_page', problem: 'must be a whole number from 4 to 50' }] : []),
    ...savedSearchProblems('watched_query', watchedQuery, { fields, viewer, now }),
    ...savedSearchProblems('watched_exclude_query', watchedExcludeQuery, { fields, viewer, now }),
  ])
  await ctx.db.transaction().execute(async (db) => {
    await changeAccountSettings(db, me, {
      ...(itemsPerPage === undefined ? {} : { items_per_page: itemsPerPage }),
      ...(watchedQuery === undefined ? {} : { watched_query: watchedQuery }),
      ...(watchedExcludeQuery === undefined ? {} : { watched_exclude_query: watchedExcludeQuery }),
      ...(hideSpoileredWatched === undefined ? {} : { hide_spoilered_watched: hideSpoileredWatched ? 1 : 0 }),
    })
    await recordChange(db, now, { noun: 'account', id: me, op: 'change' })
  })
  return accountSettings(ctx, viewer)
}

const isPageSize = (size: number) => Number.isInteger(size) && size >= 4 && size <= 50

/** The tags the viewer watches, A to Z; none for nobody in particular. */
export async function watchedTags(
  ctx: Pick<Context, 'db'>,
  viewer: Viewer,
): Promise<{ id: number; name: string }[]> {
  return viewer.accountId === null ? [] : watchedTagsOf(ctx.db, viewer.accountId)
}

/**
 * Watches a tag, or no longer. Twice is once.
 *
 * @throws LibraryError `not_signed_in`, `not_found`, `invalid` when there are too many.
 */
export async function watchTag(
  ctx: Pick<Context, 'db' | 'clock'>,
  viewer: Viewer,
  tagId: number,
  on: boolean,
): Promise<void> {
  const me = signedIn(viewer)
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (db) => {
    const tag = (await currentTags(db, [tagId])).get(tagId)
    if (!tag) throw new LibraryError({ kind: 'not_found', what: 'tag' })
    if (on) {
      const watched = await watchedTagsOf(db, me)
      if (watched.length >= mostWatchedTags && !watched.some(({ id }) => id === tag.id))
        throw invalid('base', `watches too many tags (at most ${mostWatchedTags})`)
      await insertTagWatch(db, { account_id: me, tag_id: tag.id, created_ms: now.getTime() })
    } else await deleteTagWatch(db, me, tag.id)
    await recordChange(db, now, { noun: 'account', id: me, op: 'change' })
  })
}
