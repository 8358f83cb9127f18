import { bookmarkRow, splitTags } from './bookmarks.ts'
import { jsonElements, listOf, membersOf, textOf } from './json-elements.ts'
import type { ReadRow } from './rows.ts'
import { timeOf } from './times.ts'

/**
 * Bookmarks of Pinboard ("Backup", JSON) and Delicious: a list of `{ href, description, extended, tags, time, shared,
 * toread }`, or with the short names of Delicious's feeds, `{ u, d, n, t, dt }`.
 */
export async function* jsonBookmarks(
  texts: AsyncIterable<string>,
  { file, backupOf }: { file: string; backupOf: string | null },
): AsyncGenerator<ReadRow> {
  for await (const { number, value } of jsonElements(texts, file)) {
    const place = `row ${number}`
    const found = membersOf(value)
    const url = textOf(found['href'] ?? found['u'])
    if (url === null) {
      yield { place, refused: 'has no address' }
      continue
    }
    yield bookmarkRow({
      place,
      url: url.trim(),
      title: textOf(found['description'] ?? found['d']),
      description: textOf(found['extended'] ?? found['n']),
      tags: tagsOf(found['tags'] ?? found['t'], backupOf),
      isPrivate: found['shared'] === 'no',
      isUnread: found['toread'] === 'yes',
      createdMs: timeOf(found['time'] ?? found['dt']),
      backupOf,
    })
  }
}

/** Names on Pinboard hold no spaces; those of Delicious are separated by spaces or by commas. */
function tagsOf(given: unknown, backupOf: string | null): string[] {
  if (typeof given !== 'string') return listOf(given).flatMap((name) => textOf(name) ?? [])
  return backupOf === 'pinboard' ? given.split(/\s+/) : splitTags(given)
}
