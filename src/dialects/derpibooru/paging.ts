import type { Page } from '../../library/page.ts'
import { textOf, wholeNumber, type Call } from './call.ts'

/** "The default is 15 unless you use your key and have changed the Images per page option" (Accessing the API). */
export const USUAL_SIZE = 15
/** "must be between 1 and 50" (Image Search, `perpage`). */
const LARGEST_SIZE = 50
/** Far past any library; keeps offsets exact. */
const LAST_PAGE = 10_000_000

/** "All page parameters are 1-indexed"; 0, nothing and nonsense are the first page too. */
export function pageNumber(text: string): number {
  const page = wholeNumber(text)
  return page === null || page < 1 ? 1 : Math.min(page, LAST_PAGE)
}

/** A page of a list of images. A `perpage` that is out of range counts as not sent. */
export function imagesPage(call: Call, ownSize: number | null, page = textOf(call, 'page')): Page {
  const asked = wholeNumber(textOf(call, 'perpage'))
  const fits = asked !== null && asked >= 1 && asked <= LARGEST_SIZE
  const size = fits ? asked : (ownSize ?? USUAL_SIZE)
  return { offset: (pageNumber(page) - 1) * size, limit: size }
}

/** A page of a list that has a size of its own. */
export function fixedPage(call: Call, size: number): Page {
  return { offset: (pageNumber(textOf(call, 'page')) - 1) * size, limit: size }
}
