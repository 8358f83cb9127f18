/** A stretch of a list. Both are whole numbers, checked by whoever reads them from a request. */
export interface Page {
  offset: number
  limit: number
}

/** The rows of one page, and how many there are on all pages. */
export interface Paged<T> {
  rows: T[]
  total: number
}

/** One page counted: a page that is not full knows the total by itself, only a full one asks for it. */
export async function counted<T>(
  rows: T[],
  { offset, limit }: Page,
  count: () => Promise<number>,
): Promise<Paged<T>> {
  const last = rows.length < limit && (rows.length > 0 || offset === 0)
  return { rows, total: last ? offset + rows.length : await count() }
}
