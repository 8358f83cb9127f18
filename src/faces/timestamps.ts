/** ISO 8601 in UTC, to the second: `2012-03-15T01:52:33Z`. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
