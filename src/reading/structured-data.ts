import { lineOf, type PageDocument, type PageElement } from './document.ts'

/** A thing that a page describes in the words of schema.org: its types, and values that are text or things again. */
export interface Thing {
  types: string[]
  /** Values by property, in order. */
  values: Map<string, (string | Thing)[]>
}

const deepest = 12
const mostThings = 1_000
const longestScript = 500_000

/** Every thing a page describes, outer ones first: from JSON-LD scripts and from microdata. */
export function thingsOf(document: PageDocument): Thing[] {
  return [...jsonThings(document), ...microdataThings(document)]
}

/** @param name A type of schema.org, such as `Recipe`. */
export const isA = (thing: Thing, name: string): boolean => thing.types.includes(name)

/** All values of a property as text: of a thing its name, else its text or address. */
export function textsOf(thing: Thing, ...names: string[]): string[] {
  const values = names.flatMap((name) => thing.values.get(name) ?? [])
  return values.flatMap((value) => {
    if (typeof value === 'string') return lineOf(value) ?? []
    return textsOf(value, 'name')[0] ?? textsOf(value, 'text')[0] ?? textsOf(value, 'url', '@id')[0] ?? []
  })
}

export function textOf(thing: Thing, ...names: string[]): string | null {
  return textsOf(thing, ...names)[0] ?? null
}

const plainType = (type: string) =>
  type.replace(/^https?:\/\/(www\.)?schema\.org\//i, '').replace(/^schema:/, '')

function jsonThings(document: PageDocument): Thing[] {
  const found: Thing[] = []
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    const text = script.textContent ?? ''
    if (text.length <= longestScript) collect(parsed(text), found, 0)
  }
  return found
}

/** Some pages wrap their JSON in comments or CDATA, or write line breaks into its texts. */
function parsed(text: string): unknown {
  const bare = text.replace(
    /^\s*(?:<!--|\/\*<!\[CDATA\[\*\/|<!\[CDATA\[)|(?:-->|\/\*\]\]>\*\/|\]\]>)\s*$/g,
    '',
  )
  for (const attempt of [bare, bare.replaceAll(/[\r\n\t]+/g, ' ')])
    try {
      return JSON.parse(attempt)
    } catch {
      continue
    }
  return null
}

/** Lists, `@graph` and things inside of things alike: whatever has a type is found. */
function collect(value: unknown, found: Thing[], depth: number): void {
  if (depth > deepest || found.length >= mostThings || typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) {
    const thing = toThing(value, depth)
    if (thing.types.length > 0) found.push(thing)
  }
  for (const inner of Object.values(value)) collect(inner, found, depth + 1)
}

function toThing(object: object, depth: number): Thing {
  const thing: Thing = { types: [], values: new Map() }
  for (const [name, value] of Object.entries(object)) {
    const values: unknown[] = Array.isArray(value) ? value.slice(0, 500) : [value]
    if (name === '@type') thing.types = values.filter((one) => typeof one === 'string').map(plainType)
    else
      thing.values.set(
        plainType(name),
        values.flatMap((one) => toValue(one, depth)),
      )
  }
  return thing
}

function toValue(value: unknown, depth: number): (string | Thing)[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null || depth >= deepest) return []
  if (Array.isArray(value)) return value.flatMap((one) => toValue(one, depth + 1))
  return [toThing(value, depth + 1)]
}

function microdataThings(document: PageDocument): Thing[] {
  const scopes = [...document.querySelectorAll('[itemscope][itemtype]')].slice(0, mostThings)
  return scopes.map((scope) => microdataThing(scope, 0))
}

function microdataThing(scope: PageElement, depth: number): Thing {
  const types = (scope.getAttribute('itemtype') ?? '').split(/\s+/).filter(Boolean).map(plainType)
  const thing: Thing = { types, values: new Map() }
  let left = mostThings
  for (const element of scope.querySelectorAll('[itemprop]')) {
    if (left-- === 0) break
    if (element.parentElement?.closest('[itemscope]') !== scope) continue
    const value = microdataValue(element, depth)
    for (const name of (element.getAttribute('itemprop') ?? '').split(/\s+/).filter(Boolean))
      thing.values.set(plainType(name), [...(thing.values.get(plainType(name)) ?? []), value])
  }
  return thing
}

const valueAttributes: Record<string, string> = {
  meta: 'content',
  a: 'href',
  link: 'href',
  area: 'href',
  img: 'src',
  audio: 'src',
  video: 'src',
  source: 'src',
  iframe: 'src',
  embed: 'src',
  object: 'data',
  data: 'value',
  meter: 'value',
  time: 'datetime',
}

/** HTML Standard, "Microdata", "Values". */
function microdataValue(element: PageElement, depth: number): string | Thing {
  if (element.getAttribute('itemscope') !== null && depth < 4) return microdataThing(element, depth + 1)
  const attribute = valueAttributes[element.localName]
  const stated = element.getAttribute('content') ?? (attribute ? element.getAttribute(attribute) : null)
  return stated ?? element.textContent ?? ''
}
