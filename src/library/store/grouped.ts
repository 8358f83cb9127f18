/** Rows in lists by key, each list in the order of the rows. */
export function grouped<T>(rows: readonly T[], keyOf: (row: T) => number): Map<number, T[]> {
  const lists = new Map<number, T[]>()
  for (const row of rows) {
    const list = lists.get(keyOf(row))
    if (list) list.push(row)
    else lists.set(keyOf(row), [row])
  }
  return lists
}
