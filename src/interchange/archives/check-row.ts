import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import { itemFieldProblems } from '../../library/item-checks.ts'
import { limits } from '../../library/limits.ts'
import { cleanTagNames, distinct } from '../../library/tags.ts'
import type { ArchiveRow } from './rows.ts'

/** A row that may come in, as far as can be told without the library. */
export interface CheckedRow {
  row: ArchiveRow
  uid: string
  tags: readonly string[]
}

/** What is imported, and for whom. */
export interface ArchiveImport {
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'config' | 'secret'>
  service: string
  ownerId: number
  /** Tags that all of it gets. */
  tags: readonly string[]
  isPrivate: boolean
  /** Whether pictures of pages are to be made. */
  capture: boolean
  startedAt: Date
}

const fieldNames: Record<string, string> = {
  source_url: 'the address',
  title: 'the title',
  description: 'the description',
  content: 'the text',
  tags: 'the list of tags',
}

/** Looks at a row by itself, or says why it is refused. A title that is too long is cut; nothing else is. */
export function checkRow(job: ArchiveImport, row: ArchiveRow): CheckedRow | string {
  const title = cutTitle(row.title.replaceAll(/\s+/g, ' ').trim())
  const tags = distinct([...row.tags, ...job.tags].flatMap(cleanedTag))
  const { description, content } = row
  const [problem] = itemFieldProblems({ title, description, content, sourceUrl: row.url }, tags)
  if (problem) return `${fieldNames[problem.field] ?? problem.field} ${problem.problem}`
  return { row: { ...row, title }, uid: uidOf(job, row.key), tags }
}

/** Of an archive's tags the same few are cleaned again and again. */
const cleanedTags = new Map<string, readonly string[]>()
const mostCleanedTags = 10_000

function cleanedTag(name: string): readonly string[] {
  const known = cleanedTags.get(name)
  if (known) return known
  const clean = cleanTagNames([name])
  if (cleanedTags.size >= mostCleanedTags) cleanedTags.clear()
  // A long name is none that comes again, and would be held for nothing.
  if (name.length <= limits.tagBytes) cleanedTags.set(name, clean)
  return clean
}

function cutTitle(title: string): string {
  if (title.length <= limits.titleChars) return title
  const letters = Array.from(title)
  if (letters.length <= limits.titleChars) return title
  return `${letters.slice(0, limits.titleChars - 1).join('')}…`
}

/**
 * The same for the same thing of the same archive and person, so that an import can be run again. It goes into
 * addresses that nobody may guess, hence the key.
 */
function uidOf({ ctx, service, ownerId }: ArchiveImport, key: string): string {
  return createHmac('sha256', ctx.secret)
    .update(`import\n${ownerId}\n${service}\n${key}`)
    .digest('hex')
    .slice(0, 24)
}
