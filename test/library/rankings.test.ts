import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rankingSearch, readPeriod } from '../../src/library/rankings.ts'

const hour = 3_600_000
const week = 168 * hour
// "the list pages default to a 7 day sampling period; this can be altered with a URL parameter such as 6h, 24h, 7d, 4w"
const periods: [string | null | undefined, number][] = [
  ['6h', 6 * hour],
  ['24h', 24 * hour],
  ['7d', week],
  ['4w', 4 * week],
  ['last=3d please', 72 * hour],
  [undefined, week],
  [null, week],
  ['', week],
  ['0h', week],
  ['h', week],
  ['6', week],
  ['6H', week],
  ['999999999w', 100 * 366 * 24 * hour],
]
for (const [text, ms] of periods)
  test(`a ranking of ${String(text)} reaches ${ms / hour} hours back`, () => {
    assert.equal(readPeriod(text), ms)
  })

test('a ranking is a search of what is new, and the one of all time of everything', () => {
  const period = { periodMs: 6 * hour, now: new Date('2026-03-04T06:00:00Z') }
  const recent = { op: 'during', field: 'first_seen_at', from: Date.parse('2026-03-04T00:00:00Z'), to: null }
  assert.deepEqual(rankingSearch('top_scoring', period), {
    query: recent,
    order: { by: 'score', direction: 'desc', ties: 'desc' },
  })
  assert.deepEqual(rankingSearch('top_commented', period), {
    query: recent,
    order: { by: 'comment_count', direction: 'desc', ties: 'desc' },
  })
  assert.deepEqual(rankingSearch('all_time_top_scoring', period).query, { op: 'everything' })
})
