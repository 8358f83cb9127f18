import type { Context } from '../context.ts'
import type { Db } from '../database/open.ts'
import type { FieldTable } from '../search/fields.ts'
import { QueryError } from '../search/language/errors.ts'
import { parseLines } from '../search/language/multi-line.ts'
import { replaceTerms } from '../search/language/rewrite.ts'
import {
  allOf,
  anyOf,
  EVERYTHING,
  negate,
  NOTHING,
  type Query,
  term,
  type Term,
  termsOf,
} from '../search/language/tree.ts'
import { readableCollection } from './collections.ts'
import { LibraryError } from './errors.ts'
import { findFilter } from './filters.ts'
import { savedSearchOptions } from './saved-searches.ts'
import { settingsRow, watchedTagsOf } from './store/account-settings.ts'
import type { FilterRow } from './store/filters.ts'
import type { Viewer } from './viewer.ts'

/** Who asks, and how saved searches are written. */
export interface Meaning {
  viewer: Viewer
  fields: FieldTable
  /** The filter of the request; null for none. */
  filter: FilterRow | null
}

type Asking = Pick<Context, 'db' | 'clock'>

/**
 * The search with everything that stands for another search replaced by it: what is watched, what a filter shows. A
 * collection that the viewer may not see holds nothing.
 */
export async function resolveQuery(ctx: Asking, query: Query, meaning: Meaning): Promise<Query> {
  const terms = [...termsOf(query)].filter(standsForMore)
  if (terms.length === 0) return query
  const found = new Map<string, Query>()
  for (const one of terms) {
    const key = JSON.stringify(one)
    if (!found.has(key)) found.set(key, await resolveTerm(ctx, one, meaning))
  }
  return replaceTerms(query, (one) => found.get(JSON.stringify(one)) ?? one)
}

type Standing = Extract<Term, { op: 'mine' | 'filter' | 'collection' }>

function standsForMore(one: Term): one is Standing {
  return one.op === 'filter' || one.op === 'collection' || (one.op === 'mine' && one.set === 'watched')
}

async function resolveTerm(ctx: Asking, one: Standing, meaning: Meaning): Promise<Query> {
  switch (one.op) {
    // What is saved may name collections too, but neither what is watched nor filters, so this ends.
    case 'mine':
      return resolveQuery(ctx, await watchedQuery(ctx, meaning), meaning)
    case 'filter': {
      const filter = await unlessMissing(findFilter(ctx, meaning.viewer, one.id))
      return filter ? resolveQuery(ctx, negate(hiddenBy(ctx, filter, meaning)), meaning) : NOTHING
    }
    case 'collection':
      return (await mayReadCollection(ctx.db, meaning.viewer, one.id)) ? one : NOTHING
  }
}

/** Whether the viewer may know what is in a collection. */
export async function mayReadCollection(db: Db, viewer: Viewer, id: number): Promise<boolean> {
  return (await unlessMissing(readableCollection(db, viewer, id))) !== null
}

/** Null for what is not there, or not for this viewer. */
async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (error instanceof LibraryError && error.reason.kind === 'not_found') return null
    throw error
  }
}

/** What a filter hides. */
export function hiddenBy(ctx: Pick<Context, 'clock'>, filter: FilterRow, meaning: Meaning): Query {
  return anyOf([...tagTerms(filter.hidden_tags), savedQuery(ctx, filter.hidden_complex, meaning)])
}

/** What a filter wants covered until somebody clicks. */
export function spoileredBy(ctx: Pick<Context, 'clock'>, filter: FilterRow, meaning: Meaning): Query {
  return anyOf([...tagTerms(filter.spoilered_tags), savedQuery(ctx, filter.spoilered_complex, meaning)])
}

/**
 * Any watched tag or the watch query, without what the exclude query says, and without what the filter spoilers if
 * the person wants it so (the service's help page on searching, `my:watched`).
 */
async function watchedQuery(ctx: Asking, meaning: Meaning): Promise<Query> {
  const { accountId } = meaning.viewer
  if (accountId === null) return NOTHING
  const tags = await watchedTagsOf(ctx.db, accountId)
  const settings = await settingsRow(ctx.db, accountId)
  const wanted = anyOf([
    ...tagTerms(tags.map(({ name }) => name)),
    savedQuery(ctx, settings?.watched_query ?? '', meaning),
  ])
  const spoilered =
    settings?.hide_spoilered_watched === 1 && meaning.filter
      ? spoileredBy(ctx, meaning.filter, meaning)
      : NOTHING
  const unwanted = savedQuery(ctx, settings?.watched_exclude_query ?? '', meaning)
  return allOf([wanted, negate(unwanted), negate(spoilered)].filter((part) => part !== EVERYTHING))
}

function tagTerms(names: readonly string[]): Query[] {
  return names.map((name) => term({ op: 'tag', name, cleaned: name }))
}

/**
 * A saved search; `my:` in it is about who asks. It was checked when it was saved, but one that was imported, or was
 * written in the names of another face, may not be readable: then it finds nothing.
 */
function savedQuery({ clock }: Pick<Context, 'clock'>, text: string, { viewer, fields }: Meaning): Query {
  if (text.trim() === '') return NOTHING
  try {
    return parseLines(text, savedSearchOptions(viewer, { fields, now: clock() }))
  } catch (error) {
    if (error instanceof QueryError) return NOTHING
    throw error
  }
}
