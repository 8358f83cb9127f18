import { LibraryError, type Problem } from './errors.ts'
import { textProblems } from './limits.ts'

/** How long a text may be, in characters (Unicode code points). */
export interface TextLimits {
  /** A text of nothing but spaces does not do. */
  required?: boolean
  most: number
}

/** Everything that is wrong with a text that was given; null (known to be blank) and undefined pass. */
export function fieldProblems(
  field: string,
  value: string | null | undefined,
  { required = false, most }: TextLimits,
): Problem[] {
  if (typeof value !== 'string') return []
  if (required && value.trim() === '') return [{ field, problem: "can't be blank" }]
  // Half a surrogate pair has no UTF-8 form: kept, it would come back as another text.
  if (/\p{Cs}/u.test(value)) return [{ field, problem: 'contains a character that cannot be stored' }]
  return textProblems(field, value, most)
}

/** Everything that is wrong with an address for people to follow: http or https, so nothing a browser would run. */
export function urlProblems(field: string, value: string | null | undefined): Problem[] {
  if (typeof value !== 'string') return []
  const problems = fieldProblems(field, value, { required: true, most: 2000 })
  if (problems.length > 0) return problems
  const url = URL.canParse(value) ? new URL(value) : null
  return url && /^https?:$/.test(url.protocol) ? [] : [{ field, problem: 'must be an http or https URL' }]
}

/** @throws LibraryError `invalid` with all the problems there are. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new LibraryError({ kind: 'invalid', problems })
}
