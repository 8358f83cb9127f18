import { textOf, wholeNumber, type Call } from './call.ts'
import { Refusal } from './errors.ts'

/** "ids" of one request at the most. */
export const MOST_IDS = 50

/** Texts of a parameter: `name[]=a&name[]=b`, `name=a&name=b`, or one `a,b`. */
export function listIn(call: Call, name: string): string[] {
  const value = call.parameters.values[name]
  const texts = Array.isArray(value) ? value.map(String) : textOf(call, name).split(',')
  const list = texts.map((text) => text.trim()).filter((text) => text !== '')
  if (list.length > MOST_IDS)
    throw new Refusal(400, `The parameter ${name} has more than ${MOST_IDS} entries.`)
  return [...new Set(list)]
}

/** Ids of a parameter, each once. @throws Refusal 400 when one is none, or there are too many. */
export function idsIn(call: Call, name: string): number[] {
  return listIn(call, name).map((text) => {
    const id = wholeNumber(text)
    if (id === null) throw new Refusal(400, `The parameter ${name} has an entry that is not an id.`)
    return id
  })
}
