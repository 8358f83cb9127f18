import { QueryError } from '../search/language/errors.ts'
import { parseLines } from '../search/language/multi-line.ts'
import type { ParseOptions } from '../search/language/options.ts'
import type { Problem } from './errors.ts'
import { fieldProblems } from './fields.ts'
import { cleanCommunityTag } from './tag-names.ts'
import { mayModerate, type Viewer } from './viewer.ts'

/** Fields that a search inside a filter or a watch list may not use: it would be about itself. */
const refusedFields = new Set(['filter'] as const)

/**
 * What the meaning of a saved search depends on. Whoever runs one reads it with the same options.
 *
 * @param refusedSets `watched` is refused in any case.
 */
export function savedSearchOptions(
  viewer: Viewer,
  { refusedSets = new Set(), ...options }: Pick<ParseOptions, 'fields' | 'now' | 'refusedSets'>,
): ParseOptions {
  return {
    ...options,
    viewer: { signedIn: viewer.accountId !== null, moderator: mayModerate(viewer) },
    cleanTag: cleanCommunityTag,
    refusedSets: new Set([...refusedSets, 'watched' as const]),
    refusedFields,
  }
}

/** What is wrong with a search of several lines that is to be kept. */
export function savedSearchProblems(
  field: string,
  text: string | undefined,
  { viewer, ...options }: Pick<ParseOptions, 'fields' | 'now' | 'refusedSets'> & { viewer: Viewer },
): Problem[] {
  if (text === undefined) return []
  const problems = fieldProblems(field, text, { most: 4096 })
  if (problems.length > 0) return problems
  try {
    parseLines(text, savedSearchOptions(viewer, options))
    return []
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const at = `expected ${error.expected} at character ${error.position + 1}`
    return [{ field, problem: `cannot be read (${at})` }]
  }
}
