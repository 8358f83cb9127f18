import { createHash } from 'node:crypto'
import { FIELDS, fieldFacts, type FieldName, hasType } from '../fields.ts'
import { type Catalogue, type CatalogueOptions, createCatalogue } from './catalogue.ts'
import { Column, type ColumnKind } from './column.ts'
import { type Shown, SHOWN } from './facts.ts'
import { type Inventory, openInventory } from './inventory.ts'
import { NumberLists } from './number-lists.ts'
import {
  readSections,
  type SectionReader,
  type SectionWriter,
  UnreadableSnapshot,
  writeSections,
} from './snapshot-file.ts'
import {
  readDictionary,
  readLists,
  readMap,
  readPostings,
  writeDictionary,
  writeLists,
  writeMap,
  writePostings,
} from './snapshot-parts.ts'
import { Vocabulary } from './vocabulary.ts'

/** To be raised whenever the same bytes would mean something else. */
const VERSION = 1

/** What the arrays of a snapshot are. */
interface About {
  version: number
  /** Changes whenever the fields do. */
  fields: string
  lastChange: number
  size: number
  wideIds: boolean
  columns: { field: string; kind: ColumnKind; count: number }[]
  keywords: string[]
  prose: { field: string; used: number; wasted: number }[]
  ids: string[]
  flags: [string, number][]
  shown: [Shown | 'everybody', number][]
  held: { used: number; wasted: number }
}

/**
 * Writes everything of a catalogue to a file, all or nothing. Synchronous: for the start and the end of a process.
 *
 * @param lastChange The change log entry up to which the catalogue has followed.
 */
export function writeSnapshot(path: string, catalogue: Catalogue, lastChange: number): void {
  const { inventory } = catalogue
  const { positions, columns, keywords, prose, ids, flags, shown, held } = inventory
  const about: About = {
    version: VERSION,
    fields: fieldsMark(),
    lastChange,
    size: positions.size,
    wideIds: positions.ids instanceof Float64Array,
    columns: [...columns].map(([field, { kind, count }]) => ({ field, kind, count })),
    keywords: [...keywords.keys()],
    prose: [...prose].map(
      ([
        field,
        {
          sequences: { used, wasted },
        },
      ]) => ({ field, used, wasted }),
    ),
    ids: [...ids.keys()],
    flags: [...flags],
    shown: [...shown],
    held: { used: held.used, wasted: held.wasted },
  }
  writeSections(path, about, (to) => writeInventory(to, inventory))
}

/**
 * Reads what {@link writeSnapshot} wrote.
 *
 * @throws UnreadableSnapshot if there is none, it is damaged, or another version wrote it: build from the database.
 */
export function readSnapshot(
  path: string,
  options: CatalogueOptions = {},
): { catalogue: Catalogue; lastChange: number } {
  const from = readSections(path)
  const about = from.about
  if (!isAbout(about)) throw new UnreadableSnapshot('another version wrote it')
  return { catalogue: createCatalogue(options, readInventory(from, about)), lastChange: about.lastChange }
}

function writeInventory(to: SectionWriter, inventory: Inventory): void {
  const { positions, postings, held, tags, columns, keywords, prose, ids, collections, places } = inventory
  to.write('positions', [positions.ids.subarray(0, positions.size)])
  to.write('live', [positions.live.words ?? new Int32Array(0)])
  writePostings(to, postings)
  writeLists(to, 'held', held)
  for (const [field, column] of columns) {
    to.write(`column ${field}`, [column.values.subarray(0, positions.size)])
    to.write(`order ${field}`, column.madeOrder()?.pieces() ?? [])
  }
  for (const [field, { dictionary, slots }] of keywords) {
    writeDictionary(to, field, dictionary)
    to.write(`${field} slots`, [slots.subarray(0, dictionary.count)])
  }
  for (const [field, { vocabulary, sequences }] of prose) {
    writeDictionary(to, field, vocabulary.dictionary)
    to.write(`${field} slots`, [vocabulary.slots.subarray(0, vocabulary.dictionary.count)])
    writeLists(to, `${field} words`, sequences)
  }
  for (const [field, known] of ids) writeMap(to, `ids ${field}`, known)
  writeDictionary(to, 'tags', tags.dictionary)
  writeMap(to, 'tag slots', tags.slots)
  const owned = [...tags.owned()]
  to.write('tag owners', [Float64Array.from(owned.map(([, id]) => id))])
  to.write('tag names', [Uint32Array.from(owned.map(([name]) => name))])
  writeMap(to, 'collections', collections)
  const gathered = [...places].flatMap(([slot, placesIn]) =>
    [...placesIn].map(([at, place]) => [slot, at, place]),
  )
  to.write('places', [Float64Array.from(gathered.flat())])
}

function readInventory(from: SectionReader, about: About): Inventory {
  const inventory = openInventory()
  const { positions, postings, tags } = inventory
  positions.size = about.size
  positions.ids = about.wideIds ? from.doubles('positions') : from.wholes('positions')
  positions.live.useWords(from.ints('live'))
  readPostings(from, postings)
  readLists(from, 'held', Object.assign(inventory.held, about.held))
  for (const [flag, slot] of about.flags) inventory.flags.set(flag, slot)
  for (const [shown, slot] of about.shown) inventory.shown.set(shown, slot)
  readColumns(from, about, inventory)
  readTexts(from, about, inventory)
  for (const field of about.ids)
    if (isField(field) && hasType(field, 'id')) inventory.ids.set(field, readMap(from, `ids ${field}`))
  readDictionary(from, 'tags', tags.dictionary)
  for (const [id, slot] of readMap(from, 'tag slots')) tags.slots.set(id, slot)
  readTagNames(from, inventory)
  for (const [id, slot] of readMap(from, 'collections')) inventory.collections.set(id, slot)
  const places = from.doubles('places')
  for (let at = 0; at < places.length; at += 3) {
    const [slot = 0, position = 0, place = 0] = places.subarray(at, at + 3)
    const placesIn = inventory.places.get(slot) ?? new Map<number, number>()
    inventory.places.set(slot, placesIn.set(position, place))
  }
  return inventory
}

function readColumns(from: SectionReader, about: About, { columns }: Inventory): void {
  for (const { field, kind, count } of about.columns) {
    if (!isField(field) || !hasType(field, 'integer', 'float', 'date')) continue
    const name = `column ${field}`
    const values = {
      int8: () => from.ints8(name),
      int16: () => from.ints16(name),
      int32: () => from.ints(name),
      float64: () => from.doubles(name),
    }[kind]()
    const column = new Column()
    column.use(kind, values, count)
    const order = from.wholes(`order ${field}`)
    if (order.length > 0) column.useOrder(order)
    columns.set(field, column)
  }
}

function readTexts(from: SectionReader, about: About, { postings, keywords, prose }: Inventory): void {
  const vocabularyOf = (field: FieldName) => {
    const vocabulary = new Vocabulary(postings)
    readDictionary(from, field, vocabulary.dictionary)
    vocabulary.useSlots(from.wholes(`${field} slots`))
    return vocabulary
  }
  for (const field of about.keywords) {
    if (isField(field) && hasType(field, 'keyword', 'address')) keywords.set(field, vocabularyOf(field))
  }
  for (const { field, ...sizes } of about.prose) {
    if (!isField(field) || !hasType(field, 'text')) continue
    const sequences = Object.assign(new NumberLists({ ascending: false }), sizes)
    readLists(from, `${field} words`, sequences)
    prose.set(field, { vocabulary: vocabularyOf(field), sequences })
  }
}

function readTagNames(from: SectionReader, { tags }: Inventory): void {
  const names = from.wholes('tag names')
  for (const [at, id] of from.doubles('tag owners').entries()) tags.own(names[at] ?? 0, id)
}

function isField(name: string): name is FieldName {
  return name in FIELDS
}

function fieldsMark(): string {
  const facts = Object.keys(FIELDS).map((name) => (isField(name) ? [name, fieldFacts(name)] : []))
  return createHash('sha256')
    .update(JSON.stringify([facts, SHOWN]))
    .digest('hex')
}

/** The checksums have shown that it is a description as it was written; this asks by which version. */
function isAbout(about: unknown): about is About {
  const { version, fields }: Partial<About> = typeof about === 'object' && about !== null ? about : {}
  return version === VERSION && fields === fieldsMark()
}
