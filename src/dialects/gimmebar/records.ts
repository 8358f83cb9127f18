import { listOf, type Call } from './call.ts'

/** A record of an answer; its id is always there. */
export type Shown = { id: string } & Record<string, unknown>

/**
 * "Only those specified field names will be returned in the result records. The record id is always included"
 * ("Includes"). Applied last, so that what an extension brings must be named as well.
 */
export function included(call: Call, records: readonly Shown[]): Shown[] {
  const names = listOf(call, '_include')
  if (names === undefined || names.every((name) => name === '')) return [...records]
  const wanted = new Set(['id', ...names])
  return records.map((record) => ({
    ...Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name))),
    id: record.id,
  }))
}

/** "Multiple extensions can be applied in a single request" ("Extensions"). Unknown names are passed over. */
export const extensionsOf = (call: Call): ReadonlySet<string> => new Set(listOf(call, '_extension'))
