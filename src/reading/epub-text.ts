import type { DocumentFacts } from './facts.ts'
import { KeptText } from './kept-text.ts'
import { addMarkup, firstTexts, readElements, type Vocabulary } from './markup-text.ts'
import type { Zip, ZipEntry } from './zip-entries.ts'

const names = (list: string) => new Set(list.split(/\s+/))

export const htmlText: Vocabulary = {
  isHtml: true,
  inside: names('body'),
  skips: (name) => name === 'script' || name === 'style' || name === 'template',
  lines: names(`p div section article header footer aside main nav ul ol li dl dt dd h1 h2 h3 h4 h5 h6 pre
    blockquote figure figcaption table tr br hr`),
  spaces: names('td th img'),
}

const mostSpineItems = 5_000

/** The text of a book in its order of reading (EPUB 3.3, "Package document", "The spine element"). @throws ZipError. */
export async function readEpub(zip: Zip): Promise<DocumentFacts | null> {
  const entries = new Map(zip.entries.map((entry) => [entry.name, entry]))
  const root = entries.get((await rootFile(zip, entries)) ?? '')
  if (!root) return null
  const { title, creator } = await firstTexts(await zip.open(root), ['title', 'creator'])
  const locked = await lockedNames(zip, entries)
  const kept = new KeptText()
  for (const name of await spineNames(zip, root)) {
    const entry = entries.get(name)
    if (!entry || locked.has(name)) continue
    await addMarkup(await zip.open(entry), htmlText, kept)
    kept.end()
    if (kept.isFull) break
  }
  return { title, author: creator, text: kept.toString() }
}

type Entries = ReadonlyMap<string, ZipEntry>

async function rootFile(zip: Zip, entries: Entries): Promise<string | null> {
  const container = entries.get('META-INF/container.xml')
  let path: string | null = null
  if (container)
    await readElements(await zip.open(container), false, {
      opened(name, { 'full-path': found }) {
        if (name === 'rootfile') path ??= found ?? null
      },
    })
  return path
}

/** Files that are encrypted, each with its name from the top of the archive. */
async function lockedNames(zip: Zip, entries: Entries): Promise<Set<string>> {
  const locked = new Set<string>()
  const encryption = entries.get('META-INF/encryption.xml')
  if (encryption)
    await readElements(await zip.open(encryption), false, {
      opened(name, { URI: uri }) {
        const path = name === 'CipherReference' ? nameFrom(uri, '') : null
        if (path !== null) locked.add(path)
      },
    })
  return locked
}

async function spineNames(zip: Zip, root: ZipEntry): Promise<string[]> {
  const manifest = new Map<string, string>()
  const spine: string[] = []
  await readElements(await zip.open(root), false, {
    opened(name, { id, href, idref }) {
      if (name === 'item' && id !== undefined && href !== undefined) manifest.set(id, href)
      else if (name === 'itemref' && idref !== undefined && spine.length < mostSpineItems) spine.push(idref)
    },
  })
  return [...new Set(spine)].flatMap((id) => nameFrom(manifest.get(id), root.name) ?? [])
}

/** The name of an entry that another one refers to; it names an entry or nothing. */
function nameFrom(reference: string | undefined, from: string): string | null {
  const base = new URL(from.split('/').map(encodeURIComponent).join('/'), 'zip://archive/')
  if (reference === undefined || !URL.canParse(reference, base.href)) return null
  const { protocol, pathname } = new URL(reference, base.href)
  try {
    return protocol === 'zip:' ? decodeURIComponent(pathname.slice(1)) : null
  } catch {
    return null
  }
}
