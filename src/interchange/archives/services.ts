import { jsonBookmarks } from './bookmark-json.ts'
import { decodedText, statedCharset } from './decode-text.ts'
import { bytesOf, type ArchiveFiles } from './files.ts'
import { instagramRows } from './instagram.ts'
import { netscapeBookmarks } from './netscape.ts'
import { ArchiveError, type ReadRow } from './rows.ts'
import { twitterRows } from './twitter.ts'

/** What archives are known of, by the word for it. */
export const archiveServices = ['netscape', 'pinboard', 'delicious', 'twitter', 'instagram'] as const
export type ArchiveService = (typeof archiveServices)[number]

export const readers: Record<ArchiveService, (files: ArchiveFiles) => AsyncIterable<ReadRow>> = {
  netscape: (files) => bookmarks(files, null),
  pinboard: (files) => bookmarks(files, 'pinboard'),
  delicious: (files) => bookmarks(files, 'delicious'),
  twitter: twitterRows,
  instagram: instagramRows,
}

/** One file of bookmarks, HTML or JSON: its first letter tells. */
async function* bookmarks(files: ArchiveFiles, backupOf: string | null): AsyncGenerator<ReadRow> {
  const [file, second] = files.names
  if (file === undefined || second !== undefined)
    throw new ArchiveError('Bookmarks come in one file, HTML or JSON.')
  const texts = decodedText(bytesOf(files, file), statedCharset)
  let head = ''
  while (head === '') {
    const { value, done } = await texts.next()
    if (done) throw new ArchiveError(`${file} is empty.`)
    head = value.trimStart()
  }
  const first = head.charAt(0)
  const about = { file, backupOf }
  if (first === '<') yield* netscapeBookmarks(withHead(head, texts), about)
  else if (first === '[' || first === '{') yield* jsonBookmarks(withHead(head, texts), about)
  else throw new ArchiveError(`${file} is no file of bookmarks.`)
}

async function* withHead(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head
  yield* rest
}
