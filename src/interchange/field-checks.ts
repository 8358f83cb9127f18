import { loginProblem, profileProblems } from '../library/accounts.ts'
import { collectionProblems } from '../library/collections.ts'
import type { Problem } from '../library/errors.ts'
import { fieldProblems, urlProblems } from '../library/fields.ts'
import { itemFieldProblems } from '../library/item-checks.ts'
import { tagProblems } from '../library/tags.ts'
import type { AnyValue, ValueOf } from './schemas.ts'

/** Comments of archives may be longer than those written here. */
const mostCommentChars = 100_000

/** The first thing wrong with a line whose shape is right, or null. */
export function fieldProblem(value: AnyValue): string | null {
  const [first] = [...timeProblems(value), ...typeProblems(value)]
  return first ? `${first.field} ${first.problem}` : null
}

/** Times have the right shape; here the day must exist. */
function timeProblems(value: AnyValue): Problem[] {
  return Object.entries(value).flatMap(([field, text]: [string, unknown]) => {
    const isTime = field === 'at' || field.endsWith('_at') || field === 'scheduled_for'
    const odd = isTime && typeof text === 'string' && Number.isNaN(Date.parse(text))
    return odd ? [{ field, problem: 'is not a time that exists' }] : []
  })
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
      return [...collectionProblems(value), ...slugProblems(value.slug)]
    case 'reaction':
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

/** Names are stored as given, so only what no tag can be is refused. */
function tagNameProblems(field: string, names: readonly string[]): Problem[] {
  const odd = names.flatMap((name) => fieldProblems(field, name, { required: true, most: 255 }))
  return [...odd.slice(0, 1), ...tagProblems(names).map(({ problem }) => ({ field, problem }))]
}

function slugProblems(slug: string | undefined): Problem[] {
  if (slug === undefined || /^[^\s/?#\p{C}]{1,120}$/u.test(slug)) return []
  return [{ field: 'slug', problem: 'must be 1 to 120 characters that may stand in a URL' }]
}
