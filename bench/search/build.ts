import { createCatalogue } from '../../src/search/catalogue/catalogue.ts'
import { writeSnapshot } from '../../src/search/catalogue/snapshot.ts'
import { generateLibrary } from './generate.ts'

/** Makes the library of a size and writes its snapshot: `build.ts SIZE COUNTS SNAPSHOT`. */
const [size = '', counts = '', snapshot = ''] = process.argv.slice(2)

const library = generateLibrary(Number(size), counts)
const catalogue = createCatalogue()
catalogue.bulkLoad(library.tags, library.items())
for (const [index, count] of library.counts.entries()) {
  const found = catalogue.inventory.postings.count(catalogue.inventory.tags.slotOf(index + 1))
  if (found !== count) throw new Error(`tag ${index + 1} is on ${found} items instead of ${count}`)
}
catalogue.warm(['created_at', 'updated_at', 'first_seen_at', 'score', 'faves', 'wilson_score'])
writeSnapshot(snapshot, catalogue, 1)
