import { loginProblem, profileProblems } from '../../library/accounts.ts'
import { collectionProblems } from '../../library/collections.ts'
import { timeZoneProblems } from '../../library/days.ts'
import type { Problem } from '../../library/errors.ts'
import { fieldProblems, urlProblems } from '../../library/fields.ts'
import { itemFieldProblems } from '../../library/item-checks.ts'
import { problemsBeside, tagNameProblems } from './field-checks-beside.ts'
import type { AnyValue, ValueOf } from './schemas.ts'

/** Comments of archives may be longer than those written here. */
const mostCommentChars = 100_000
/** More than anything that is read here keeps of its words. */
const mostFoundChars = 1_000_000

/** The first thing wrong with a line whose shape is right, or null. */
export function fieldProblem(value: AnyValue): string | null {
  const [first] = [...timeProblems(value), ...typeProblems(value)]
  return first ? `${first.field} ${first.problem}` : null
}

/** Times have the right shape; here the day must exist. */
function timeProblems(value: AnyValue): Problem[] {
  return [...timesOf(value)].flatMap(([field, text]) =>
    Number.isNaN(Date.parse(text)) ? [{ field, problem: 'is not a time that exists' }] : [],
  )
}

const timeNames = new Set(['at', 'since', 'until', 'scheduled_for'])

/** Times of a line, and of the lists in it; `content` and `details` are the author's own. */
function* timesOf(value: object): Generator<[string, string]> {
  for (const [field, one] of Object.entries(value) as [string, unknown][]) {
    const isTime = timeNames.has(field) || field.endsWith('_at')
    if (isTime && typeof one === 'string') yield [field, one]
    if (!Array.isArray(one)) continue
    for (const entry of one as unknown[])
      if (typeof entry === 'object' && entry !== null) yield* timesOf(entry)
  }
}

function typeProblems(value: AnyValue): Problem[] {
  switch (value.type) {
    case 'library':
      return value.format === 1
        ? []
        : [{ field: 'format', problem: `${value.format} is not known, only 1 is` }]
    case 'account':
      return accountProblems(value)
    case 'alias':
      return [...tagNameProblems('name', [value.name]), ...tagNameProblems('target', [value.target])]
    case 'implication':
      return [...tagNameProblems('tag', [value.tag]), ...tagNameProblems('implies', value.implies)]
    case 'item':
      return itemProblems(value)
    case 'comment':
      return fieldProblems('body', value.body, { required: true, most: mostCommentChars })
    case 'collection':
      return [
        ...collectionProblems(value),
        ...fieldProblems('spoiler_warning', value.spoiler_warning, { most: 20 }),
        ...slugProblems(value.slug),
      ]
    case 'tag':
    case 'filter':
    case 'settings':
    case 'vacancy':
    case 'attachment':
    case 'page_copy':
    case 'tag_change':
    case 'source_change':
      return problemsBeside(value)
    case 'reaction':
    case 'block':
    case 'invitation':
    case 'collection_item':
    case 'follow':
    case 'watch':
      return []
  }
}

function accountProblems(value: ValueOf<'account'>): Problem[] {
  const login = loginProblem(value.login)
  const members = value.members !== undefined && value.kind !== 'team'
  return [
    ...(login === null ? [] : [{ field: 'login', problem: login }]),
    ...profileProblems(value),
    ...timeZoneProblems(value.time_zone),
    ...(value.past_time_zones ?? []).flatMap(({ time_zone }) => timeZoneProblems(time_zone)),
    ...(members ? [{ field: 'members', problem: 'are for teams' }] : []),
  ]
}

function itemProblems(value: ValueOf<'item'>): Problem[] {
  const { description = null, taken_on: takenOn = null, title = null, tags = [], content = {} } = value
  const problems = [
    ...itemFieldProblems({ title, description, takenOn, content }, undefined),
    ...urlProblems('source_url', value.source_url || null),
    ...tagNameProblems('tags', tags),
    ...fieldProblems('media', value.media, { required: true, most: 4096 }),
    ...fieldProblems('removal_reason', value.removal_reason, { most: 1000 }),
    ...fieldProblems('found_text', value.found_text, { most: mostFoundChars }),
  ]
  for (const field of ['format', 'mime_type', 'file_name'] as const)
    problems.push(...fieldProblems(field, value[field], { most: 255 }))
  if (value.visibility === 'merged' && value.merged_into === undefined)
    problems.push({ field: 'merged_into', problem: 'is missing' })
  if (value.visibility !== 'merged' && value.merged_into !== undefined)
    problems.push({ field: 'merged_into', problem: 'is for items that are merged' })
  if (value.published_at !== undefined && value.scheduled_for !== undefined)
    problems.push({ field: 'scheduled_for', problem: 'is for items without published_at' })
  return problems
}

function slugProblems(slug: string | undefined): Problem[] {
  if (slug === undefined || /^[^\s/?#\p{C}]{1,120}$/u.test(slug)) return []
  return [{ field: 'slug', problem: 'must be 1 to 120 characters that may stand in a URL' }]
}
