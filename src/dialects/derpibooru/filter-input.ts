import { Values } from '../../faces/values.ts'
import type { Parameters } from '../../http/form.ts'
import type { FilterChange } from '../../library/filters.ts'
import type { Call } from './call.ts'

/**
 * The filter that a request describes, in `filter[…]` as the form of the page has it, or beside the key: `name`,
 * `description`, `public`, the tags as lists of ids or of names (also one text with commas), the searches one a line.
 *
 * @throws LibraryError `invalid`
 */
export function readFilter({ parameters }: Call): FilterChange {
  const values = new Values(inside(parameters))
  const change: FilterChange = {}
  const name = values.text('name')
  if (name !== undefined) change.name = name ?? ''
  const description = values.text('description')
  if (description !== undefined) change.description = description ?? ''
  const isPublic = values.flag('public')
  if (isPublic !== undefined) change.public = isPublic
  const hidden = tagsIn(values, 'hidden')
  if (hidden !== undefined) change.hiddenTags = hidden
  const spoilered = tagsIn(values, 'spoilered')
  if (spoilered !== undefined) change.spoileredTags = spoilered
  const hiddenComplex = values.text('hidden_complex')
  if (hiddenComplex !== undefined) change.hiddenComplex = hiddenComplex ?? ''
  const spoileredComplex = values.text('spoilered_complex')
  if (spoileredComplex !== undefined) change.spoileredComplex = spoileredComplex ?? ''
  values.finish()
  return change
}

function inside(parameters: Parameters): Parameters {
  const nested = parameters.values['filter']
  return typeof nested === 'object' && nested !== null && !Array.isArray(nested)
    ? { values: nested, valueless: [] }
    : parameters
}

function tagsIn(values: Values, sort: 'hidden' | 'spoilered'): (number | string)[] | undefined {
  const names = values.list(`${sort}_tags`)
  const ids = values.list(`${sort}_tag_ids`)
  if (names === undefined && ids === undefined) return undefined
  const numbers = (ids ?? []).filter((id) => id.trim() !== '').map((id) => Number(id.trim()))
  if (numbers.some((id) => !Number.isSafeInteger(id) || id < 1))
    values.refuse(`${sort}_tag_ids`, 'has an entry that is not an id')
  return [...(names ?? []).filter((name) => name.trim() !== ''), ...numbers]
}
