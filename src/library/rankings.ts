import type { Order } from '../search/language/sort.ts'
import { EVERYTHING, term, type Query } from '../search/language/tree.ts'

export const RANKINGS = ['top_scoring', 'top_commented', 'all_time_top_scoring'] as const
export type Ranking = (typeof RANKINGS)[number]

const hourMs = 3_600_000
const unitMs = { h: hourMs, d: 24 * hourMs, w: 168 * hourMs }
/** A week, when a ranking is asked for without a time (Derpibooru API, "Lists": "a 7 day sampling period"). */
const defaultMs = 7 * unitMs.d
const longestMs = 100 * 366 * unitMs.d

/** How far back `6h`, `7d` or `4w` reaches, in ms; found anywhere in the text, and a week where there is none. */
export function readPeriod(text: string | null | undefined): number {
  const found = /(\d{1,9})([hdw])/.exec(text ?? '')
  const count = Number(found?.[1] ?? 0)
  const unit = found?.[2]
  if (count === 0 || (unit !== 'h' && unit !== 'd' && unit !== 'w')) return defaultMs
  return Math.min(count * unitMs[unit], longestMs)
}

/** A ranking as a search: everything first seen in the period, or ever, and what decides. */
export function rankingSearch(
  ranking: Ranking,
  { periodMs, now }: { periodMs: number; now: Date },
): { query: Query; order: Order } {
  const from = now.getTime() - periodMs
  const recent: Query = term({ op: 'during', field: 'first_seen_at', from, to: null })
  return {
    query: ranking === 'all_time_top_scoring' ? EVERYTHING : recent,
    order: {
      by: ranking === 'top_commented' ? 'comment_count' : 'score',
      direction: 'desc',
      ties: 'desc',
    },
  }
}
