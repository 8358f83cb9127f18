import { LibraryError, type Noun } from '../../library/errors.ts'

/** The number in an address. @throws LibraryError `not_found` for what cannot be an id. */
export function idIn(text: string, what: Noun): number {
  if (!/^\d{1,15}$/.test(text)) throw new LibraryError({ kind: 'not_found', what })
  return Number(text)
}
