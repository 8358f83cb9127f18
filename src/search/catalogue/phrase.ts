import type { TextField } from '../fields.ts'
import { stem } from '../language/words.ts'
import type { Inventory } from './inventory.ts'
import { andPlan, NONE, type Plan, setPlan } from './plan.ts'

/** Items whose text has these words one after the other: those that have all the words, each then looked at. */
export function phrasePlan({ prose, postings }: Inventory, field: TextField, words: readonly string[]): Plan {
  const found = prose.get(field)
  if (!found) return NONE
  const { vocabulary, sequences } = found
  const wanted = words.map((word) => vocabulary.dictionary.find(stem(word)))
  if (wanted.includes(-1)) return NONE

  const of = andPlan([...new Set(wanted)].map((word) => setPlan(postings.read(vocabulary.slotOf(word)))))
  if (wanted.length === 1 || of.kind === 'none') return of
  return { kind: 'tested', of, test: (position) => hasRun(sequences.get(position), wanted), most: of.most }
}

function hasRun(given: readonly number[], wanted: readonly number[]): boolean {
  const [first = -1] = wanted
  for (let start = given.indexOf(first); start !== -1; start = given.indexOf(first, start + 1)) {
    if (wanted.every((word, index) => given[start + index] === word)) return true
  }
  return false
}
