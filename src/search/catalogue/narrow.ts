import { hasBit, listBits, setBit } from './bits.ts'
import type { Inventory } from './inventory.ts'
import type { BitsPlan, Plan, RangePlan } from './plan.ts'
import { firstAtLeast } from './sorted.ts'
import { isAskedCheaper, spread } from './spread.ts'

/** Fewer positions than this are sorted; more are spread over bits and read off in order. */
const MOST_SORTED = 2048

/** An ascending list: the first `count` positions. */
export interface Found {
  list: Uint32Array
  count: number
}

/**
 * The part of the plan that cheaply gives a list of positions with everything that can match, if there is one: the
 * other parts then only look at these.
 */
export function driverOf(plan: Plan): Plan | null {
  switch (plan.kind) {
    case 'none':
    case 'list':
    case 'range':
    case 'values':
      return plan
    case 'tested':
      return driverOf(plan.of)
    case 'or':
      return plan.of.every((part) => driverOf(part) !== null) ? plan : null
    case 'and':
      return plan.of.reduce<Plan | null>((best, part) => {
        const driver = driverOf(part)
        return driver && (best === null || driver.most < best.most) ? driver : best
      }, null)
    case 'bits':
    case 'between':
    case 'not':
      return null
  }
}

/** All positions that match the plan, starting from its driver. The list is the caller's to change. */
export function listMatches(inventory: Inventory, plan: Plan, driver: Plan): Found {
  const found = enumerate(inventory, driver)
  found.count = narrow(inventory, plan, { found, known: driver })
  return found
}

function enumerate(inventory: Inventory, driver: Plan): Found {
  switch (driver.kind) {
    case 'list':
      return { list: driver.list.slice(0, driver.most), count: driver.most }
    case 'range':
      return inOrder(inventory, driver.most, (add) => {
        driver.order.visit(driver.from, driver.to, false, (position) => {
          add(position)
          return true
        })
      })
    case 'values':
      if (driver.most > MOST_SORTED) return listOf(spread(inventory, driver))
      return inOrder(inventory, driver.most, (add) => {
        for (const part of driver.of) {
          const { list, count } = part.kind === 'bits' ? listOf(part) : { list: part.list, count: part.most }
          for (let at = 0; at < count; at += 1) add(list[at] ?? 0)
        }
      })
    case 'or':
      return inOrder(inventory, driver.most, (add) => {
        for (const part of driver.of) {
          const { list, count } = enumerateAll(inventory, part)
          for (let at = 0; at < count; at += 1) add(list[at] ?? 0)
        }
      })
    case 'none':
    case 'bits':
    case 'between':
    case 'tested':
    case 'not':
    case 'and':
      return { list: new Uint32Array(0), count: 0 } // never a driver
  }
}

function enumerateAll(inventory: Inventory, plan: Plan): Found {
  const driver = driverOf(plan)
  return driver ? listMatches(inventory, plan, driver) : { list: new Uint32Array(0), count: 0 }
}

function listOf({ words, most }: BitsPlan): Found {
  const list = new Uint32Array(most)
  return { list, count: listBits(words, 0, words.length, list) }
}

/** Collects at most `most` positions in any order, some perhaps twice, and returns them ascending, each once. */
function inOrder(
  { positions, scratch }: Inventory,
  most: number,
  give: (add: (position: number) => void) => void,
): Found {
  const list = new Uint32Array(most)
  if (most > MOST_SORTED) {
    const words = scratch.words(Math.ceil(positions.size / 32))
    give((position) => setBit(words, position))
    return { list, count: listBits(words, 0, words.length, list) }
  }
  let added = 0
  give((position) => {
    list[added] = position
    added += 1
  })
  list.subarray(0, added).sort()
  let count = 0
  for (let at = 0; at < added; at += 1) {
    if (at > 0 && list[at] === list[at - 1]) continue
    list[count] = list[at] ?? 0
    count += 1
  }
  return { list, count }
}

/** Keeps of a list what matches the plan; returns how many. `known` is a part that all of the list matches. */
function narrow(inventory: Inventory, plan: Plan, { found, known }: { found: Found; known: Plan }): number {
  if (plan === known) return found.count
  if (plan.kind === 'and') {
    for (const part of plan.of) found.count = narrow(inventory, part, { found, known })
    return found.count
  }
  if (plan.kind === 'list') return keepListed(plan, found)
  if ((plan.kind === 'values' || plan.kind === 'range') && !isAskedCheaper(plan, found.count)) {
    return keepBits(spread(inventory, plan).words, found, 1)
  }
  if (plan.kind === 'bits') return keepBits(plan.words, found, 1)
  if (plan.kind === 'not' && plan.of.kind === 'bits') return keepBits(plan.of.words, found, 0)

  const { list } = found
  let count = 0
  for (let at = 0; at < found.count; at += 1) {
    const position = list[at] ?? 0
    if (!holds(plan, position)) continue
    list[count] = position
    count += 1
  }
  return count
}

/** Goes through both lists side by side, with long steps where the other is much longer. */
function keepListed({ list: other, most }: Extract<Plan, { kind: 'list' }>, { list, count }: Found): number {
  const leaps = most > count * 16
  let kept = 0
  let next = 0
  for (let at = 0; at < count && next < most; at += 1) {
    const position = list[at] ?? 0
    if (leaps) next = firstAtLeast(other, most, position, next)
    else while (next < most && (other[next] ?? 0) < position) next += 1
    if (other[next] !== position || next === most) continue
    list[kept] = position
    kept += 1
  }
  return kept
}

function keepBits(words: Int32Array, { list, count }: Found, wanted: 0 | 1): number {
  let kept = 0
  for (let at = 0; at < count; at += 1) {
    const position = list[at] ?? 0
    list[kept] = position
    kept += (((words[position >>> 5] ?? 0) >>> (position & 31)) & 1) ^ wanted ^ 1
  }
  return kept
}

/** Whether one position matches. Cheapest when asked for ascending positions. */
export function holds(plan: Plan, position: number): boolean {
  switch (plan.kind) {
    case 'none':
      return false
    case 'between':
      return position >= plan.from && position < plan.to
    case 'list':
      plan.at = firstAtLeast(plan.list, plan.most, position, plan.at)
      return plan.at < plan.most && plan.list[plan.at] === position
    case 'bits':
      return hasBit(plan.words, position)
    case 'range':
      return inRange(plan, position)
    case 'values':
      return plan.holds(position)
    case 'tested':
      return holds(plan.of, position) && plan.test(position)
    case 'not':
      return !holds(plan.of, position)
    case 'and':
      return plan.of.every((part) => holds(part, position))
    case 'or':
      return plan.of.some((part) => holds(part, position))
  }
}

export function inRange({ column, low, high }: RangePlan, position: number): boolean {
  const value = column.values[position] ?? Number.NaN // a missing one is below every value, or compares to none
  return value >= low && value <= high
}
