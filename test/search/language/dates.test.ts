import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readDate } from '../../../src/search/language/dates.ts'
import { read } from './reading.ts'

const now = new Date('2016-05-31T12:00:00.250Z')

function period(text: string, at = now): string {
  const found = readDate(text, at)
  return found ? `${new Date(found.from).toISOString()} ${new Date(found.to).toISOString()}` : 'no date'
}

function table(rows: readonly (readonly [text: string, from: string, to: string])[]): void {
  for (const [text, from, to] of rows) assert.equal(period(text), `${from} ${to}`, text)
}

/** Search syntax, Date/Time Ranges, Absolute. */
describe('absolute dates', () => {
  test('a partial date is the whole period, in UTC', () => {
    table([
      ['2015', '2015-01-01T00:00:00.000Z', '2016-01-01T00:00:00.000Z'],
      ['2015-12', '2015-12-01T00:00:00.000Z', '2016-01-01T00:00:00.000Z'],
      ['2016-02', '2016-02-01T00:00:00.000Z', '2016-03-01T00:00:00.000Z'],
      ['2016-02-29', '2016-02-29T00:00:00.000Z', '2016-03-01T00:00:00.000Z'],
      ['2015-04-01T23', '2015-04-01T23:00:00.000Z', '2015-04-02T00:00:00.000Z'],
      ['2015-04-01 01:00', '2015-04-01T01:00:00.000Z', '2015-04-01T01:01:00.000Z'],
      ['2015-04-01 01:00:50Z', '2015-04-01T01:00:50.000Z', '2015-04-01T01:00:51.000Z'],
      ['2015-04-01t01:00:50.750z', '2015-04-01T01:00:50.750Z', '2015-04-01T01:00:50.751Z'],
      ['0050', '0050-01-01T00:00:00.000Z', '0051-01-01T00:00:00.000Z'],
    ])
  })

  test('the zone may follow any of them, even a bare year', () => {
    table([
      ['2015+08:00', '2014-12-31T16:00:00.000Z', '2015-12-31T16:00:00.000Z'],
      ['2015-05:00', '2015-01-01T05:00:00.000Z', '2016-01-01T05:00:00.000Z'],
      ['2015-04:00', '2015-01-01T04:00:00.000Z', '2016-01-01T04:00:00.000Z'],
      ['2015-05-05:00', '2015-05-01T05:00:00.000Z', '2015-06-01T05:00:00.000Z'],
      ['2015-05-05-05:00', '2015-05-05T05:00:00.000Z', '2015-05-06T05:00:00.000Z'],
      ['2015-04-01T01-03:30', '2015-04-01T04:30:00.000Z', '2015-04-01T05:30:00.000Z'],
      ['2015-04-01 01:00:50+01:00', '2015-04-01T00:00:50.000Z', '2015-04-01T00:00:51.000Z'],
    ])
  })

  test('a day or time that no calendar or clock has is no date', () => {
    const none = [
      '2015-02-30',
      '2015-13',
      '2015-00',
      '2015-01-00',
      '2015-01-32',
      '2015-01-01 24',
      '2015-01-01 10:60',
    ]
    for (const text of [
      ...none,
      '2015-01-01 10:00:60',
      '2015+24:00',
      '2015+08:60',
      '15',
      '20155',
      'today',
      '',
    ]) {
      assert.equal(period(text), 'no date', text)
    }
  })

  test('the ends of the calendar cut what lies beyond them', () => {
    table([
      ['0000+08:00', '0000-01-01T00:00:00.000Z', '0000-12-31T16:00:00.000Z'],
      ['9999-05:00', '9999-01-01T05:00:00.000Z', '+010000-01-01T00:00:00.000Z'],
    ])
  })

  test('from the start of one to the end of another (ours)', () => {
    table([['2015..2016-02', '2015-01-01T00:00:00.000Z', '2016-03-01T00:00:00.000Z']])
    for (const text of ['2016..2015', '2015..', '..2015', '2015..3 days ago'])
      assert.equal(period(text), 'no date')
  })
})

/** Search syntax, Date/Time Ranges, Relative. */
describe('relative dates', () => {
  test('`N units ago` is the unit that ended N units before now', () => {
    table([
      ['3 days ago', '2016-05-27T12:00:00.250Z', '2016-05-28T12:00:00.250Z'],
      ['1 second ago', '2016-05-31T11:59:58.250Z', '2016-05-31T11:59:59.250Z'],
      ['30 Minutes Ago', '2016-05-31T11:29:00.250Z', '2016-05-31T11:30:00.250Z'],
      ['2 hour ago', '2016-05-31T09:00:00.250Z', '2016-05-31T10:00:00.250Z'],
      ['1  week  ago', '2016-05-17T12:00:00.250Z', '2016-05-24T12:00:00.250Z'],
      ['0 days ago', '2016-05-30T12:00:00.250Z', '2016-05-31T12:00:00.250Z'],
    ])
  })

  test('months and years are calendar units; a day that a month lacks is its last', () => {
    table([
      ['1 month ago', '2016-03-30T12:00:00.250Z', '2016-04-30T12:00:00.250Z'],
      ['3 months ago', '2016-01-29T12:00:00.250Z', '2016-02-29T12:00:00.250Z'],
      ['1 year ago', '2014-05-31T12:00:00.250Z', '2015-05-31T12:00:00.250Z'],
    ])
    assert.equal(
      period('1 year ago', new Date('2016-02-29T00:00:00Z')),
      '2014-02-28T00:00:00.000Z 2015-02-28T00:00:00.000Z',
    )
  })

  test('longer ago than the calendar is its beginning', () => {
    const start = '0000-01-01T00:00:00.000Z'
    table([
      ['999999999999999 years ago', start, start],
      ['999999999999999 seconds ago', start, start],
    ])
    assert.deepEqual(read('created_at:9999 years ago'), { op: 'nothing' })
    assert.deepEqual(read('created_at.gt:9999 years ago'), {
      op: 'during',
      field: 'created_at',
      from: Date.parse(start),
      to: null,
    })
  })

  test('other units and forms are no dates', () => {
    for (const text of [
      '3 days',
      'days ago',
      '-3 days ago',
      '1.5 days ago',
      '3 fortnights ago',
      '3days ago',
    ]) {
      assert.equal(period(text), 'no date', text)
    }
  })
})

/** Search syntax: with period [start, end), `:` start <= t < end; `.gte` t >= start; `.gt` t >= end; `.lt` t < start; `.lte` t < end. */
test('comparisons with a period', () => {
  const start = Date.parse('2015-04-01T00:00:00Z')
  const end = Date.parse('2015-05-01T00:00:00Z')
  const rows = [
    ['', start, end],
    ['.eq', start, end],
    ['.gte', start, null],
    ['.gt', end, null],
    ['.lt', null, start],
    ['.lte', null, end],
  ] as const
  for (const [qualifier, from, to] of rows) {
    const query = read(`updated_at${qualifier}:2015-04`)
    assert.deepEqual(query, { op: 'during', field: 'updated_at', from, to }, qualifier)
  }
})

// API page, Basic methods: "/search.json?q=first_seen_at.gt:3+days+ago"
test('`first_seen_at.gt:3 days ago` is what was seen in the last three days', () => {
  assert.deepEqual(read('first_seen_at.gt:3 days ago', { now }), {
    op: 'during',
    field: 'first_seen_at',
    from: now.getTime() - 3 * 86_400_000,
    to: null,
  })
})
