import { LibraryError, type Noun } from '../../library/errors.ts'

/**
 * The number in an address; `/shots/471756-Sasquatch` means 471756, as the pages' addresses do.
 *
 * @throws LibraryError `not_found` for what cannot be an id.
 */
export function idIn(text: string, what: Noun): number {
  const digits = /^(\d{1,15})(?:-.*)?$/s.exec(text)?.[1]
  if (digits === undefined) throw new LibraryError({ kind: 'not_found', what })
  return Number(digits)
}
