import { unescape } from 'node:querystring'
import { BodyError } from './body-error.ts'

/** One parameter: a text from a form, anything JSON can say from JSON. */
export type Parameter = string | number | boolean | null | Parameter[] | ParameterValues

/** Parameters by name. Objects without a prototype, so that `constructor` is a name like any other. */
export interface ParameterValues {
  [name: string]: Parameter
}

/** The parameters of a request. */
export interface Parameters {
  values: ParameterValues
  /** Names written without an equals sign (`?image&title=New`): mentioned, but with nothing said about them. */
  valueless: string[]
}

const MOST_PARAMETERS = 1_000
const DEEPEST_NAME = 8

export function noParameters(): Parameters {
  return { values: emptyValues(), valueless: [] }
}

export function emptyValues(): ParameterValues {
  return Object.create(null)
}

/**
 * Reads a query string, with or without its question mark, as {@link parseForm} reads a form.
 *
 * @throws BodyError `too_many_parameters`
 */
export function parseQuery(query: string): Parameters {
  return parseForm(query.startsWith('?') ? query.slice(1) : query)
}

/**
 * Reads `application/x-www-form-urlencoded` text. A repeated name collects its values in a list, `name[]` always
 * makes a list, `name[part]` an object; other brackets belong to the name. Broken percent signs stay as they are.
 *
 * @throws BodyError `too_many_parameters` over 1,000 of them.
 */
export function parseForm(text: string): Parameters {
  const parameters = noParameters()
  if (text === '') return parameters

  const pairs = text.split('&', MOST_PARAMETERS + 1)
  if (pairs.length > MOST_PARAMETERS) throw new BodyError('too_many_parameters')
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    if (name === '') continue
    if (equals === -1) parameters.valueless.push(name)
    else addParameter(parameters.values, name, decode(pair.slice(equals + 1)))
  }
  return parameters
}

/** Puts one named value where its name says: `tags[]` at the end of a list, `user[name]` inside an object. */
export function addParameter(values: ParameterValues, name: string, value: Parameter): void {
  const { path, isList } = readName(name)
  if (path.some(isPrototypeName)) return
  let holder = values
  for (const segment of path.slice(0, -1)) {
    const inside = holder[segment]
    // A text and an object under one name: the later one counts, as with any repeated name.
    holder = isObject(inside) ? inside : (holder[segment] = emptyValues())
  }

  const last = path.at(-1) ?? name
  const before = holder[last]
  if (Array.isArray(before)) before.push(value)
  else if (isList) holder[last] = before === undefined || isObject(before) ? [value] : [before, value]
  else holder[last] = before === undefined || isObject(before) ? value : [before, value]
}

/** The one name that, copied on into an ordinary object, would change more than itself. It is no parameter. */
export function isPrototypeName(name: string): boolean {
  return name === '__proto__'
}

function isObject(value: Parameter | undefined): value is ParameterValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Takes `user[address][]` apart. A name with other brackets, or nested too deep, is one plain name. */
function readName(name: string): { path: string[]; isList: boolean } {
  const open = name.indexOf('[')
  if (open < 1 || !name.endsWith(']')) return { path: [name], isList: false }

  const isList = name.endsWith('[]')
  const brackets = isList ? name.slice(open, -2) : name.slice(open)
  const inside = brackets === '' ? [] : brackets.slice(1, -1).split('][')
  const isPlain = brackets !== '' && (!brackets.endsWith(']') || inside.some((part) => /^$|[[\]]/.test(part)))
  if (isPlain || inside.length >= DEEPEST_NAME) return { path: [name], isList: false }
  return { path: [name.slice(0, open), ...inside], isList }
}

function decode(text: string): string {
  if (!/[%+]/.test(text)) return text
  return unescape(text.replaceAll('+', ' '))
}
