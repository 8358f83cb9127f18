import { Parser } from 'htmlparser2'
import { bookmarkRow, splitTags } from './bookmarks.ts'
import { longestRowChars } from './decode-text.ts'
import { ArchiveError, type ReadRow } from './rows.ts'
import { timeOf } from './times.ts'

/** A bookmark whose end has not been read yet. */
interface Open {
  attributes: Readonly<Record<string, string>>
  folders: readonly string[]
  title: string
  description: string
}

/** Folders in folders; no one keeps more, and each lies on the stack of every bookmark in it. */
const deepest = 100
/** Where the mark of such a file has to be. */
const headChars = 64 * 1024
const mark = /<!doctype\s+netscape-bookmark-file|<d[lt][\s>]/i

/**
 * Bookmarks in the HTML that browsers, Delicious and Pinboard write ("Netscape Bookmark File Format"). The names of
 * the folders that a bookmark lies in are tags of it, except those of the browser's own folders.
 *
 * @throws ArchiveError for a file of another kind, and one that no program for bookmarks wrote.
 */
export async function* netscapeBookmarks(
  texts: AsyncIterable<string>,
  { file, backupOf }: { file: string; backupOf: string | null },
): AsyncGenerator<ReadRow> {
  const found: Open[] = []
  const parser = new Parser(bookmarkHandler(found), { decodeEntities: true })
  let number = 0
  let chars = 0
  let head = ''
  let isMarked = false
  function* rows(): Generator<ReadRow> {
    for (const open of found.splice(0)) {
      number += 1
      chars = 0
      yield rowOf(open, `row ${number}`, backupOf)
    }
  }
  for await (const text of texts) {
    if (!isMarked) {
      head += text.slice(0, headChars)
      isMarked = mark.test(head)
      if (!isMarked && head.length >= headChars) throw notBookmarks(file)
    }
    chars += text.length
    const failure = failureOf(() => parser.write(text))
    yield* rows()
    if (failure !== null) throw failure
    if (chars > longestRowChars)
      throw new ArchiveError(`A bookmark is too long to be one, in ${file} after row ${number}.`)
  }
  if (!isMarked) throw notBookmarks(file)
  parser.end()
  yield* rows()
}

/** What came before a failure is given out first. */
function failureOf(run: () => void): unknown {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

const notBookmarks = (file: string) => new ArchiveError(`${file} is no file of bookmarks.`)

/** Collects bookmarks in `done`, each when the next thing begins: a description has no end of its own. */
function bookmarkHandler(done: Open[]): ConstructorParameters<typeof Parser>[0] {
  const folders: (string | null)[] = []
  let folder: { name: string; isOwn: boolean } | null = null
  let open: Open | null = null
  let reads: 'title' | 'description' | 'folder' | null = null
  const finish = () => {
    if (open) done.push(open)
    open = null
    reads = null
  }
  const enter = () => {
    finish()
    folders.push(folder === null || folder.isOwn ? null : folder.name)
    folder = null
    if (folders.length > deepest)
      throw new ArchiveError(`Folders lie more than ${deepest} deep in each other.`)
  }
  return {
    onopentag(name, attributes) {
      if (name === 'dl') enter()
      else if (name === 'dt') finish()
      else if (name === 'h3') {
        finish()
        // Only the browser's toolbar and its unfiled bookmarks say what they are; their names are the program's words.
        const isOwn = 'personal_toolbar_folder' in attributes || 'unfiled_bookmarks_folder' in attributes
        folder = { name: '', isOwn }
        reads = 'folder'
      } else if (name === 'a') {
        finish()
        open = { attributes, folders: folders.filter((one) => one !== null), title: '', description: '' }
        reads = 'title'
      } else if (name === 'dd') reads = open ? 'description' : null
      else if (name === 'br' && open && reads === 'description') open.description += '\n'
    },
    ontext(text) {
      if (reads === 'folder' && folder) folder.name += text
      else if (reads !== null && reads !== 'folder' && open) open[reads] += text
    },
    onclosetag(name) {
      if ((name === 'a' && reads === 'title') || (name === 'h3' && reads === 'folder')) reads = null
      else if (name === 'dl') {
        finish()
        folders.pop()
      }
    },
    onend: finish,
  }
}

function rowOf(
  { attributes, folders, title, description }: Open,
  place: string,
  backupOf: string | null,
): ReadRow {
  const url = attributes['href']?.trim()
  if (!url) return { place, refused: 'has no address' }
  return bookmarkRow({
    place,
    url,
    title: title.replaceAll(/\s+/g, ' ').trim(),
    description: description.trim() === '' ? null : description.trim(),
    tags: [...splitTags(attributes['tags'] ?? ''), ...folders],
    isPrivate: attributes['private'] === '1',
    isUnread: attributes['toread'] === '1',
    createdMs: timeOf(attributes['add_date']),
    backupOf,
  })
}
