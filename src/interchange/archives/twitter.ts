import { lineOf } from '../../reading/document.ts'
import { readStatusAddress } from '../../reading/services.ts'
import { tagsIn } from './bookmarks.ts'
import { decodedText } from './decode-text.ts'
import { bytesOf, type ArchiveFiles } from './files.ts'
import { jsonElements, listOf, membersOf, textOf } from './json-elements.ts'
import { ArchiveError, type ArchiveMedia, type ArchiveRow, type ReadRow } from './rows.ts'
import { timeOf } from './times.ts'

/** As the archives of all years call them; a large one is in parts. */
const tweetFile = /(^|\/)tweets?(-part\d+)?\.js$/
const likeFile = /(^|\/)likes?(-part\d+)?\.js$/
const accountFile = /(^|\/)account\.js$/
const mediaFile = /(^|\/)tweets?_media\/(\d+)-[^/]+$/

/** What `window.YTD.tweets.part0 = ` may take before the list. */
const longestAssignment = 1000
const titleChars = 140

/** What all tweets of an archive have in common. */
interface Owner {
  /** Null where the archive does not hold its own account. */
  userName: string | null
  /** Names of files by the number of the tweet. */
  media: ReadonlyMap<string, readonly string[]>
  files: ArchiveFiles
}

/**
 * The archive that Twitter gives to its people ("Your archive"): tweets with the pictures and films that it holds, and
 * what was liked.
 *
 * @throws ArchiveError when there are no tweets and no likes, or a file is damaged.
 */
export async function* twitterRows(files: ArchiveFiles): AsyncGenerator<ReadRow> {
  const wanted = files.names.filter((name) => tweetFile.test(name) || likeFile.test(name))
  if (wanted.length === 0)
    throw new ArchiveError('There are no tweets (data/tweets.js) and no likes (data/like.js) here.')
  const owner = { userName: await userNameIn(files), media: mediaByTweet(files.names), files }
  for (const name of wanted)
    for await (const { number, value } of assignedElements(files, name)) {
      const place = wanted.length === 1 ? `row ${number}` : `${name} row ${number}`
      if (likeFile.test(name)) yield likeRow(membersOf(membersOf(value)['like']), place)
      else yield* tweetRows(membersOf(membersOf(value)['tweet'] ?? value), place, owner)
    }
}

/** The list that a script assigns: everything up to the first bracket is left out. */
function assignedElements(files: ArchiveFiles, name: string) {
  return jsonElements(withoutAssignment(decodedText(bytesOf(files, name)), name), name)
}

async function* withoutAssignment(texts: AsyncIterable<string>, name: string): AsyncGenerator<string> {
  let head: string | null = ''
  for await (const text of texts) {
    if (head === null) {
      yield text
      continue
    }
    head += text
    const start = /^[\s\w.]*=\s*(?=\[)|^\s*(?=\[)/.exec(head)
    if (start) {
      yield head.slice(start[0].length)
      head = null
    } else if (head.length > longestAssignment) break
  }
  if (head !== null) throw new ArchiveError(`${name} is no file of a Twitter archive.`)
}

async function userNameIn(files: ArchiveFiles): Promise<string | null> {
  const name = files.names.find((one) => accountFile.test(one))
  if (name === undefined) return null
  for await (const { value } of assignedElements(files, name)) {
    const userName = textOf(membersOf(membersOf(value)['account'])['username'])
    return userName !== null && /^\w{1,15}$/.test(userName) ? userName : null
  }
  return null
}

function mediaByTweet(names: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const name of names) {
    const id = mediaFile.exec(name)?.[2]
    if (id === undefined) continue
    const known = found.get(id)
    if (known) known.push(name)
    else found.set(id, [name])
  }
  return found
}

function* tweetRows(tweet: Record<string, unknown>, place: string, owner: Owner): Generator<ReadRow> {
  const id = textOf(tweet['id_str']) ?? textOf(tweet['id'])
  if (id === null || !/^\d{1,20}$/.test(id)) return yield { place, refused: 'has no number' }
  const entities = membersOf(tweet['entities'])
  const words = wordsOf(textOf(tweet['full_text']) ?? textOf(tweet['text']) ?? '', entities)
  const url = `https://twitter.com/${owner.userName ?? 'i'}/status/${id}`
  const about = {
    place,
    url,
    words,
    createdMs: timeOf(tweet['created_at']) ?? timeOfId(id),
    backupOf: 'twitter',
  }
  const hashtags = listOf(entities['hashtags']).flatMap((one) => textOf(membersOf(one)['text']) ?? [])
  const row = { ...statusRow(about), key: id, tags: [...hashtags, ...tagsIn(words)] }
  const media = owner.media.get(id) ?? []
  if (media.length === 0) yield row
  for (const [at, name] of media.entries())
    yield {
      ...row,
      key: at === 0 ? id : `${id}/${baseName(name)}`,
      place: at === 0 ? place : `${place}, ${baseName(name)}`,
      kind: 'media',
      description: words === '' ? null : words,
      media: mediaOf(owner.files, name),
    }
}

const baseName = (name: string) => name.split('/').at(-1) ?? name

export function mediaOf(files: ArchiveFiles, name: string): ArchiveMedia {
  return { fileName: baseName(name), open: () => files.open(name) }
}

function likeRow(like: Record<string, unknown>, place: string): ReadRow {
  const id = textOf(like['tweetId'])
  if (id === null || !/^\d{1,20}$/.test(id)) return { place, refused: 'has no number' }
  const words = wordsOf(textOf(like['fullText']) ?? '', {})
  const url = textOf(like['expandedUrl']) ?? `https://twitter.com/i/web/status/${id}`
  // When it was liked nobody wrote down; when it was written its number tells.
  return {
    ...statusRow({ place, url, words, createdMs: timeOfId(id), backupOf: 'twitter_fav' }),
    key: `like ${id}`,
  }
}

function statusRow({
  place,
  url,
  words,
  createdMs,
  backupOf,
}: Pick<ArchiveRow, 'place' | 'createdMs' | 'backupOf'> & { url: string; words: string }): ArchiveRow {
  const address = URL.canParse(url) ? readStatusAddress(new URL(url)) : null
  // Twitter's own word for "whoever it was" in addresses.
  const isNamed = address !== null && address.author !== 'i'
  const author = { author: isNamed ? address.author : null, author_url: isNamed ? address.authorUrl : null }
  return {
    place,
    key: url,
    kind: 'status',
    title: lineOf(words, titleChars) ?? url,
    description: null,
    url,
    tags: tagsIn(words),
    isPrivate: false,
    createdMs,
    backupOf,
    content: { text: words, ...author, original: url, service: 'twitter' },
    text: words,
    media: null,
  }
}

/** The text as it was written: whole addresses for short ones, and none for what is attached. */
function wordsOf(text: string, entities: Record<string, unknown>): string {
  let words = text
  for (const one of listOf(entities['urls']).map(membersOf))
    words = words.replaceAll(textOf(one['url']) ?? '\0', () => textOf(one['expanded_url']) ?? '')
  for (const one of listOf(entities['media']).map(membersOf))
    words = words.replaceAll(textOf(one['url']) ?? '\0', '')
  // The archive escapes these three and nothing else.
  return words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim()
}

/** Numbers of tweets begin with their time, in milliseconds since this one, since November 2010. */
const firstMs = 1_288_834_974_657
const firstTimed = 29_700_859_247n

function timeOfId(id: string): number | null {
  const number = BigInt(id)
  return number < firstTimed ? null : timeOf(Number(number >> 22n) + firstMs)
}
