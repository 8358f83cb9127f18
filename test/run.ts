/**
 * Imports every test file of one kind into this process. Kinds are folders apart from the mirror of `src/`:
 * `faults` and `browser` are their own; `server` is everything that starts a whole Vitrine; `unit` is the rest.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname
const [kind = 'unit', ...words] = process.argv.slice(2)

function kindOf(file: string): string {
  if (file.startsWith('faults/')) return 'faults'
  if (file.startsWith('browser/')) return 'browser'
  return /helpers\/(vitrine|start)/.test(readFileSync(join(root, file), 'utf8')) ? 'server' : 'unit'
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') || file.endsWith('.test.tsx'))
  .filter((file) => kindOf(file) === kind && words.every((word) => file.includes(word)))
  .toSorted()

for (const file of files) await import(join(root, file))
