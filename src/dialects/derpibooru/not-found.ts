import { LibraryError } from '../../library/errors.ts'

/** What was found, or null in place of `not_found`. */
export async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found
  } catch (error) {
    if (error instanceof LibraryError && error.reason.kind === 'not_found') return null
    throw error
  }
}
