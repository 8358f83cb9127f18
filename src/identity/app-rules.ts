import { IdentityError, type Problem } from './errors.ts'
import { redirectProblem } from './redirects.ts'

const LONGEST_NAME = 100
const LONGEST_DESCRIPTION = 1000
const LONGEST_WEBSITE = 500

/** What the owner says of an application. */
export interface AppFields {
  name: string
  redirectUri: string
  /** An http or https URL. */
  website?: string | null
  description?: string | null
}

/**
 * What an owner says of an application as columns, trimmed; blank texts are null.
 *
 * @throws IdentityError `invalid` with every problem at once.
 */
export function checkApp(fields: AppFields) {
  const name = fields.name.trim()
  const description = fields.description?.trim() || null
  const website = fields.website?.trim() || null
  const redirectUri = fields.redirectUri.trim()
  const found: [string, string | null][] = [
    ['name', nameProblem(name)],
    ['redirect_uri', redirectProblem(redirectUri)],
    ['website', website === null ? null : websiteProblem(website)],
    ['description', tooLong(description ?? '', LONGEST_DESCRIPTION)],
  ]
  const problems: Problem[] = found.flatMap(([field, problem]) =>
    problem === null ? [] : [{ field, problem }],
  )
  if (problems.length > 0) throw new IdentityError({ kind: 'invalid', problems })
  return { name, description, website, redirect_uri: redirectUri }
}

function nameProblem(name: string): string | null {
  if (name === '') return "can't be blank"
  // The consent page shows the name: no line breaks, nothing that turns the reading direction.
  if (/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(name)) return 'must not hold control characters'
  return tooLong(name, LONGEST_NAME)
}

function websiteProblem(website: string): string | null {
  if (!/^https?:\/\/[^/]/i.test(website) || !URL.canParse(website)) return 'must be an http or https URL'
  return tooLong(website, LONGEST_WEBSITE)
}

const tooLong = (text: string, most: number) =>
  text.length > most ? `is too long (at most ${most} characters)` : null
