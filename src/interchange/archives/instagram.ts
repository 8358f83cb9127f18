import { lineOf } from '../../reading/document.ts'
import { bookmarkRow, tagsIn } from './bookmarks.ts'
import { decodedText } from './decode-text.ts'
import { bytesOf, type ArchiveFiles } from './files.ts'
import { jsonElements, listOf, membersOf, textOf } from './json-elements.ts'
import { ArchiveError, type ReadRow } from './rows.ts'
import { timeOf } from './times.ts'
import { mediaOf } from './twitter.ts'

/** Under `your_instagram_activity/` since 2022, under `content/` before, and `media.json` until 2020. */
const postFile = /(^|\/)(posts_\d+|reels|igtv_videos|media)\.json$/
const likeFile = /(^|\/)liked_posts\.json$/
/** Lists of `media.json` that hold posts; others are pictures of the profile and what was gone after a day. */
const oldLists = new Set(['photos', 'videos'])
const titleChars = 140

/** One picture or film, and what is said about it. */
interface Post {
  uri: string | null
  caption: string
  createdMs: number | null
}

/**
 * The export that Instagram gives to its people ("Download your information", JSON): posts with their pictures and
 * films, and what was liked.
 *
 * @throws ArchiveError when there are no posts and no likes, or a file is damaged.
 */
export async function* instagramRows(files: ArchiveFiles): AsyncGenerator<ReadRow> {
  const wanted = files.names.filter((name) => postFile.test(name) || likeFile.test(name))
  if (wanted.length === 0) throw nothingThere(files)
  const known = new Set(files.names)
  for (const name of wanted)
    for await (const { key, number, value } of jsonElements(decodedText(bytesOf(files, name)), name)) {
      const place = wanted.length === 1 ? `row ${number}` : `${name} row ${number}`
      if (likeFile.test(name)) yield likeRow(membersOf(value), place)
      else if (isOldPost(name) ? oldLists.has(key ?? '') : true)
        for (const post of postsOf(membersOf(value))) yield postRow(post, { place, file: name, known, files })
    }
}

const isOldPost = (name: string) => /(^|\/)media\.json$/.test(name)

function nothingThere({ names }: ArchiveFiles): ArchiveError {
  return names.some((name) => name.endsWith('.html'))
    ? new ArchiveError('This is an export in HTML; ask Instagram for one in the format JSON.')
    : new ArchiveError('There are no posts (posts_1.json) and no likes (liked_posts.json) here.')
}

/** A post has one picture or many; the words stand at the post, or at its picture when that is the only one. */
function postsOf(value: Record<string, unknown>): Post[] {
  const media = Array.isArray(value['media']) ? listOf(value['media']).map(membersOf) : [value]
  const own = wordsOf(value['title'])
  return media.map((one) => ({
    uri: textOf(one['uri'] ?? one['path']),
    caption: own ?? wordsOf(one['title'] ?? one['caption']) ?? '',
    createdMs: timeOf(one['creation_timestamp'] ?? one['taken_at']) ?? timeOf(value['creation_timestamp']),
  }))
}

interface Place {
  place: string
  file: string
  known: ReadonlySet<string>
  files: ArchiveFiles
}

function postRow({ uri, caption, createdMs }: Post, { place, file, known, files }: Place): ReadRow {
  if (uri === null) return { place, refused: 'names no picture' }
  const where = `${place}, ${uri.slice(0, 200)}`
  const name = findBeside(uri, file, known)
  if (name === null) return { place: where, refused: 'names a picture that is not in the export' }
  return {
    place: where,
    key: uri,
    kind: 'media',
    title: lineOf(caption, titleChars) ?? uri.split('/').at(-1) ?? uri,
    description: caption === '' ? null : caption,
    url: null,
    tags: tagsIn(caption),
    isPrivate: false,
    createdMs,
    backupOf: 'instagram',
    content: {},
    text: '',
    media: mediaOf(files, name),
  }
}

/** Paths start at the root of the export, which may lie in a folder of the archive: some folder above the file. */
function findBeside(uri: string, file: string, known: ReadonlySet<string>): string | null {
  for (let above = file; above !== '';) {
    above = above.slice(0, Math.max(above.lastIndexOf('/', above.length - 2) + 1, 0))
    if (known.has(above + uri)) return above + uri
  }
  return null
}

/** `{ title: who posted it, string_list_data: [{ href, timestamp }] }` */
function likeRow(value: Record<string, unknown>, place: string): ReadRow {
  const [link] = listOf(value['string_list_data']).map(membersOf)
  const url = textOf(link?.['href'])
  if (url === null) return { place, refused: 'has no address' }
  const who = wordsOf(value['title'])
  const bookmark = bookmarkRow({
    place,
    url,
    title: who === null ? null : `A post of ${who}`,
    description: null,
    tags: [],
    isPrivate: false,
    isUnread: false,
    createdMs: timeOf(link?.['timestamp']),
    backupOf: 'instagram_fav',
  })
  return { ...bookmark, key: `like ${url}` }
}

/** The export writes the bytes of UTF-8 as if each were a character; mended where that is what it is. */
function wordsOf(value: unknown): string | null {
  const text = textOf(value)
  if (text === null || /[^\0-\xff]/.test(text)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}
