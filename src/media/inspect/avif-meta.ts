import type { Span } from '../byte-source.ts'
import { corrupt } from '../errors.ts'
import { BoxReader, boxesIn, type Box } from './boxes.ts'

/** An item of the `meta` box: a coded picture, or metadata about one. */
export type Item = {
  id: number
  type: string
  contentType: string
  /** Positions in the file; empty when the item is made of others. */
  spans: Span[]
  /** Numbers of its properties, counted from 1. */
  properties: number[]
}

export type AvifMeta = { primary: number; items: Map<number, Item>; properties: (Box | null)[] }

const maxItems = 10_000

/**
 * Reads the `meta` box: which items there are, where they lie and what is said about them
 * (ISO 14496-12, "The Meta box"; HEIF adds the properties).
 *
 * @param buffer The content of the box, behind its version and flags.
 * @param offset Where the buffer begins in the file.
 */
export function readAvifMeta(buffer: Buffer, offset: number): AvifMeta {
  const boxes = boxesIn(buffer, 0, buffer.length)
  const find = (type: string) => boxes.find((box) => box.type === type)
  const [pitm, iinf, iloc, iprp, idat] = [
    find('pitm'),
    find('iinf'),
    find('iloc'),
    find('iprp'),
    find('idat'),
  ]
  if (!pitm || !iinf || !iloc || !iprp) throw corrupt('the AVIF does not say where its picture is')

  const items = readItems(buffer, iinf)
  readLocations(buffer, iloc, items, idat ? offset + idat.start : null)
  const children = boxesIn(buffer, iprp.start, iprp.end)
  const ipco = children.find((box) => box.type === 'ipco')
  if (!ipco) throw corrupt('the AVIF does not say how large it is')
  for (const box of children) if (box.type === 'ipma') readAssociations(buffer, box, items)

  const reader = new BoxReader(buffer, pitm)
  const version = reader.uint(4) >>> 24
  const primary = reader.uint(version === 0 ? 2 : 4)
  return { primary, items, properties: [null, ...boxesIn(buffer, ipco.start, ipco.end)] }
}

function readItems(buffer: Buffer, iinf: Box): Map<number, Item> {
  const items = new Map<number, Item>()
  const head = new BoxReader(buffer, iinf)
  head.uint(head.uint(4) >>> 24 === 0 ? 2 : 4)
  for (const box of boxesIn(buffer, head.position, iinf.end)) {
    const reader = new BoxReader(buffer, box)
    const version = reader.uint(4) >>> 24
    if (box.type !== 'infe' || version < 2) continue
    const id = reader.uint(version === 2 ? 2 : 4)
    reader.uint(2)
    const type = buffer.toString('latin1', reader.position, reader.position + 4)
    reader.uint(4)
    reader.text()
    const contentType = type === 'mime' ? reader.text() : ''
    items.set(id, { id, type, contentType, spans: [], properties: [] })
  }
  return items
}

function readLocations(buffer: Buffer, iloc: Box, items: Map<number, Item>, idat: number | null): void {
  const reader = new BoxReader(buffer, iloc)
  const version = reader.uint(4) >>> 24
  const [sizes, bases] = [reader.uint(1), reader.uint(1)]
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 4, sizes & 15, bases >> 4]
  const indexBytes = version === 0 ? 0 : bases & 15
  if ([offsetBytes, lengthBytes, baseBytes, indexBytes].some((bytes) => ![0, 4, 8].includes(bytes))) {
    throw corrupt('the AVIF holds a damaged box')
  }
  const count = reader.uint(version < 2 ? 2 : 4)
  if (count > maxItems) throw corrupt('the AVIF holds too many items')
  for (let index = 0; index < count; index++) {
    const item = items.get(reader.uint(version < 2 ? 2 : 4))
    const method = version === 0 ? 0 : reader.uint(2) & 15
    reader.uint(2)
    const base = reader.uint(baseBytes) + (method === 1 ? (idat ?? 0) : 0)
    const extents = reader.uint(2)
    for (let extent = 0; extent < extents; extent++) {
      reader.uint(indexBytes)
      const start = base + reader.uint(offsetBytes)
      const span = { start, length: reader.uint(lengthBytes) }
      if (item && (method === 0 || (method === 1 && idat !== null))) item.spans.push(span)
    }
  }
}

function readAssociations(buffer: Buffer, ipma: Box, items: Map<number, Item>): void {
  const reader = new BoxReader(buffer, ipma)
  const head = reader.uint(4)
  const [idBytes, numberBytes] = [head >>> 24 === 0 ? 2 : 4, head & 1 ? 2 : 1]
  const count = reader.uint(4)
  if (count > maxItems) throw corrupt('the AVIF holds too many items')
  for (let index = 0; index < count; index++) {
    const item = items.get(reader.uint(idBytes))
    const associations = reader.uint(1)
    for (let left = associations; left > 0; left--) {
      // The highest bit says whether a reader must understand the property.
      const number = reader.uint(numberBytes) & (numberBytes === 2 ? 0x7fff : 0x7f)
      item?.properties.push(number)
    }
  }
}
