import type { Context } from '../context.ts'

/**
 * A text that is the same only while nothing has been committed to the library and the minute has not changed: what
 * was rendered under an equal version is still true. The minute bounds what depends on the time.
 */
export function libraryVersion({
  database,
  clock,
}: Pick<Context, 'database' | 'clock'>): string | Promise<string> {
  const minute = Math.floor(clock().getTime() / 60_000)
  const stored = database.version()
  return typeof stored === 'string' ? `${stored}/${minute}` : stored.then((version) => `${version}/${minute}`)
}
