import { XMLBuilder } from 'fast-xml-parser'
import { allowedInXml } from './xml-text.ts'

const builder = new XMLBuilder({
  format: false,
  suppressEmptyNode: false,
  processEntities: true,
  ignoreAttributes: true,
})

/**
 * An answer as XML: `<response>` around everything, `<record>` for each of the records of a list, `<item>` for each
 * element of any other list. The page says no more than that there is XML ("Formats by suffix").
 */
export function toXml(value: unknown): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ response: shaped(value, 'response') })}`
}

function shaped(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    const each = name === 'records' ? 'record' : name === 'errors' ? 'error' : 'item'
    return { [each]: value.map((one: unknown) => shaped(one, each)) }
  }
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return allowedInXml(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') return ''
  const entries: [string, unknown][] = Object.entries(value)
  return Object.fromEntries(entries.map(([key, one]) => [elementName(key), shaped(one, key)]))
}

/** Names come from other people's pages too (the parts of a recipe, the attributes of an embed). */
function elementName(key: string): string {
  const name = key.replaceAll(/[^A-Za-z0-9_.-]/g, '_')
  return /^[A-Za-z_]/.test(name) && !/^xml/i.test(name) ? name : `_${name}`
}
