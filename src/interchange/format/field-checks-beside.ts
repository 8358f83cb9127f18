import type { Problem } from '../../library/errors.ts'
import { fieldProblems, urlProblems } from '../../library/fields.ts'
import { savedSearchProblems } from '../../library/saved-searches.ts'
import { TAG_CATEGORIES } from '../../library/tag-rules.ts'
import { tagProblems } from '../../library/tags.ts'
import { vacancyProblems } from '../../library/vacancies.ts'
import { OPERATOR } from '../../library/viewer.ts'
import type { AnyValue, ValueOf } from './schemas.ts'

type Beside = Extract<
  AnyValue,
  {
    type:
      | 'tag'
      | 'filter'
      | 'settings'
      | 'vacancy'
      | 'attachment'
      | 'page_copy'
      | 'tag_change'
      | 'source_change'
  }
>

/** What is wrong with a line of what stands beside accounts, items and collections. */
export function problemsBeside(value: Beside): Problem[] {
  switch (value.type) {
    case 'tag':
      return tagLineProblems(value)
    case 'filter':
      return filterProblems(value)
    case 'settings':
      return [
        ...tagNameProblems('watched_tags', value.watched_tags ?? []),
        ...searchProblems('watched_query', value.watched_query),
        ...searchProblems('watched_exclude_query', value.watched_exclude_query),
      ]
    case 'vacancy':
      return vacancyProblems({ ...value, organizationName: value.organization_name })
    case 'attachment':
      return [
        ...fieldProblems('media', value.media, { required: true, most: 4096 }),
        ...fieldProblems('file_name', value.file_name, { required: true, most: 255 }),
        ...fieldProblems('mime_type', value.mime_type, { most: 255 }),
      ]
    case 'page_copy':
      return fieldProblems('media', value.media, { required: true, most: 4096 })
    case 'tag_change':
      return tagNameProblems('tag', [value.tag])
    case 'source_change':
      return [...urlProblems('from', value.from), ...urlProblems('to', value.to)]
  }
}

function tagLineProblems(value: ValueOf<'tag'>): Problem[] {
  const known = value.category === undefined || TAG_CATEGORIES.some((one) => one === value.category)
  return [
    ...tagNameProblems('name', [value.name]),
    ...(known ? [] : [{ field: 'category', problem: 'is not a category' }]),
    ...fieldProblems('description', value.description, { most: 20_000 }),
    ...fieldProblems('short_description', value.short_description, { most: 255 }),
  ]
}

function filterProblems(value: ValueOf<'filter'>): Problem[] {
  return [
    ...fieldProblems('name', value.name, { required: true, most: 100 }),
    ...fieldProblems('description', value.description, { most: 5000 }),
    ...tagNameProblems('hidden_tags', value.hidden_tags ?? []),
    ...tagNameProblems('spoilered_tags', value.spoilered_tags ?? []),
    ...searchProblems('hidden_complex', value.hidden_complex),
    ...searchProblems('spoilered_complex', value.spoilered_complex),
  ]
}

/** The names of fields are those of a face and not known here: only the shape of a search is looked at. */
const searchProblems = (field: string, text: string | undefined) =>
  savedSearchProblems(field, text, { fields: new Map(), viewer: OPERATOR, now: new Date(0) })

/** Names are stored as given, so only what no tag can be is refused. */
export function tagNameProblems(field: string, names: readonly string[]): Problem[] {
  const odd = names.flatMap((name) => fieldProblems(field, name, { required: true, most: 255 }))
  return [...odd.slice(0, 1), ...tagProblems(names).map(({ problem }) => ({ field, problem }))]
}
