import { fieldProblem } from './field-checks.ts'
import { checkShape, type AnyValue, type LineType, type ValueOf } from './schemas.ts'
import type { TextLine } from './text-lines.ts'

/** A line of the file that may be taken in, as far as can be told without the library. */
export interface Line<V extends AnyValue = AnyValue> {
  number: number
  value: V
}

export type LineOf<T extends LineType> = Line<ValueOf<T>>

export interface LineProblem {
  number: number
  problem: string
}

/** Reads a line, or says what is wrong with it. */
export function readLine(line: TextLine): Line | LineProblem {
  if ('problem' in line) return line
  const { number, text } = line
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { number, problem: 'is not JSON' }
  }
  const shape = checkShape(json)
  if ('problem' in shape) return { number, problem: shape.problem }
  const problem = fieldProblem(shape.value)
  return problem === null ? { number, value: shape.value } : { number, problem }
}

export function linesOf<T extends LineType>(lines: readonly Line[], type: T): LineOf<T>[] {
  return lines.filter((line): line is LineOf<T> => line.value.type === type)
}

/**
 * Stretches of lines that can be written together: of one type, and no line is the same thing as an earlier one of
 * its stretch, or names it.
 */
export function* stretchesOf(lines: readonly Line[]): Generator<Line[]> {
  let stretch: Line[] = []
  let things = new Set<string>()
  for (const line of lines) {
    const { is, names = [] } = keysOf(line.value)
    const [first] = stretch
    const leans = is.some((key) => things.has(key)) || names.some((key) => things.has(key))
    if (first && (leans || first.value.type !== line.value.type)) {
      yield stretch
      stretch = []
      things = new Set()
    }
    stretch.push(line)
    for (const key of is) things.add(key)
  }
  if (stretch.length > 0) yield stretch
}

/** What a line is, and what of its own type it names. */
function keysOf(value: AnyValue): { is: string[]; names?: string[] } {
  switch (value.type) {
    case 'library':
    case 'implication':
      return { is: [] }
    case 'account':
      return {
        is: [lower(value.login), ...given('#', value.id), ...given('uid ', value.uid)],
        names: (value.members ?? []).map(lower),
      }
    case 'alias':
    case 'tag':
      return { is: [value.name] }
    case 'filter':
      return { is: [`#${value.id}`, `${lower(value.owner)}/${value.name}`] }
    case 'settings':
      return { is: [lower(value.account)] }
    case 'vacancy':
      return { is: [...given('#', value.id), `${lower(value.account)} ${value.url} ${value.title}`] }
    case 'attachment':
      return { is: [...given('#', value.id), `${value.item} ${value.file_name} ${value.at ?? ''}`] }
    case 'page_copy':
      return { is: [`${value.item} ${value.name}`] }
    case 'tag_change':
      return { is: [`${value.item} ${value.tag} ${value.added} ${value.at}`] }
    case 'source_change':
      return { is: [`${value.item} ${value.at}`] }
    case 'invitation':
      return { is: [`${value.collection} ${lower(value.account)}`] }
    case 'item':
      return {
        is: [`${value.id}`, ...given('uid ', value.uid)],
        names: [...given('', value.rebound_of), ...given('', value.merged_into)],
      }
    case 'reaction':
      // Both votes of an account on an item are one thing; a fave given twice the database sorts out.
      return { is: value.sort.endsWith('vote') ? [`${value.item} ${lower(value.account)}`] : [] }
    case 'comment':
      return { is: [...given('#', value.id), `${value.item} ${lower(value.account)} ${value.at ?? ''}`] }
    case 'collection':
      return { is: [`${value.id}`, ...given('uid ', value.uid), `${lower(value.owner)}/${value.slug ?? ''}`] }
    case 'collection_item':
      return { is: [`${value.collection} ${value.item}`] }
    case 'block':
    case 'follow':
    case 'watch':
      return { is: [`${lower(value.account)} ${lower(`${value.target}`)}`] }
  }
}

const lower = (login: string) => login.toLowerCase()
const given = (before: string, name: string | number | undefined) =>
  name === undefined ? [] : [`${before}${name}`]
