import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, test } from 'node:test'

const root = resolve(import.meta.dirname, '..')

/** Folders and files of src/ from the top line to the bottom one; what shares a line may not import each other. */
const LINES: string[][] = [
  ['main.ts', 'commands', 'server.ts'],
  ['dialects/dribbble', 'dialects/derpibooru', 'dialects/gimmebar', 'dialects/tookapic', 'web'],
  ['faces'],
  ['jobs', 'interchange'],
  ['library', 'identity'],
  ['search'],
  ['context.ts', 'face.ts', 'config.ts', 'version.ts'],
  ['reading'],
  ['media', 'queue', 'blobs', 'http', 'fetching'],
  ['database'],
]

/** Longer than 300 lines, and why. */
const LONG_FILES: Record<string, string> = {}

/** Imports that the lines do not allow, and why. */
const ALLOWED: Record<string, string> = {
  'context.ts': 'opens what stands below it, and is imported from there for its type only',
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join(folder, file))
}

/** Every import of a file: where it leads, and whether only types come over. */
export function importsOf(file: string, text: string): { to: string; typesOnly: boolean }[] {
  const found = text.matchAll(
    /^(import|export)\s+(type\s+)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm,
  )
  return [...found].map(([, , type, fixed, late]) => ({
    to: relative(join(root, 'src'), resolve(dirname(join(root, file)), fixed ?? late ?? '')),
    typesOnly: type !== undefined,
  }))
}

function placeOf(path: string): { line: number; folder: string } {
  for (const [line, folders] of LINES.entries()) {
    const folder = folders.find((name) => path === name || path.startsWith(`${name}/`))
    if (folder !== undefined) return { line, folder }
  }
  throw new Error(`${path} has no place in the tree; give it one in this test and in ARCHITECTURE.md.`)
}

/** What is wrong with one import, or null. `from` and `to` are paths below src/. */
function judge(from: string, to: string, typesOnly: boolean): string | null {
  const here = placeOf(from)
  const there = placeOf(to)
  if (here.folder === there.folder || there.line > here.line) return null
  if (typesOnly && (to === 'context.ts' || to === 'config.ts')) return null
  if (there.line === here.line && LINES[here.line]?.[0] === 'main.ts') return null
  if (there.line === here.line && LINES[here.line]?.[0] === 'context.ts') return null
  return `${from} may not import ${to}`
}

describe('the import rule', () => {
  test('a file imports from its own folder or from a line further down', () => {
    const wrong = sources('src').flatMap((file) => {
      const from = relative('src', file)
      if (from in ALLOWED) return []
      const imports = importsOf(file, readFileSync(join(root, file), 'utf8'))
      return imports.flatMap(({ to, typesOnly }) => judge(from, to, typesOnly) ?? [])
    })
    assert.deepEqual(wrong, [])
  })

  test('would be told of a forbidden import', () => {
    assert.notEqual(judge('library/items.ts', 'dialects/dribbble/index.ts', false), null)
    assert.notEqual(judge('dialects/dribbble/index.ts', 'dialects/derpibooru/search-fields.ts', true), null)
    assert.notEqual(judge('library/items.ts', 'identity/tokens.ts', false), null)
    assert.notEqual(
      judge('media/pool.ts', 'database/open.ts', false) ?? judge('http/etag.ts', 'blobs/blobs.ts', false),
      null,
    )
    const text =
      "import type { A } from '../server.ts'\nimport {\n  b,\n} from '../../x.ts'\nexport { c } from './d.ts'\n"
    assert.equal(importsOf('src/library/items.ts', text).length, 3)
  })
})

describe('the budgets', () => {
  test('no file is longer than 300 lines', () => {
    const long = [...sources('src'), ...sources('test'), ...sources('bench')].filter((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1
      return lines > 300 && !(file in LONG_FILES)
    })
    assert.deepEqual(long, [])
  })
})
