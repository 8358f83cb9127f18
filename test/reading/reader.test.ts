import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { openReader } from '../../src/reading/reader.ts'
import { pageWorker } from '../helpers/page-worker.ts'

const url = 'https://kitchen.test/'
const page = (html: string) => ({ bytes: Buffer.from(html), charset: null, url })

/** Processes of ours that read pages; others than these. */
function readers(except: number[] = []): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => !except.includes(pid))
    .filter((pid) => {
      try {
        const isOurs =
          readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(process.pid)
        return isOurs && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('page-worker')
      } catch {
        return false
      }
    })
}

describe('the reader', () => {
  test('reads page after page in one process and leaves none behind', async () => {
    const others = readers()
    const reader = openReader(pageWorker)
    try {
      const pages = ['one', 'two', 'three'].map((title) => reader.readPage(page(`<title>${title}</title>`)))
      assert.deepEqual(
        (await Promise.all(pages)).map((facts) => facts?.title),
        ['one', 'two', 'three'],
      )
      assert.equal(readers(others).length, 1)
    } finally {
      await reader.close()
    }
    assert.equal(readers(others).length, 0)
    await assert.rejects(reader.readPage(page('')), { name: 'ChildFailure', kind: 'stopped' })
  })

  test('gives up a page that takes too long, and reads the next one', async () => {
    const reader = openReader({ ...pageWorker, timeoutMs: 3_000 })
    try {
      // Quadratic for whoever asks every element for its ancestors.
      const endless = `<div itemscope itemtype="x">${'<b itemprop="a">'.repeat(60_000)}`
      assert.equal(await reader.readPage(page(endless)), null)
      assert.equal((await reader.readPage(page('<title>next</title>')))?.title, 'next')
    } finally {
      await reader.close()
    }
  })

  test('ends in the middle of a page', async () => {
    const others = readers()
    const reader = openReader(pageWorker)
    const reading = reader.readPage(page('<title>x</title>'))
    const refused = assert.rejects(reading, { kind: 'stopped' })
    await new Promise((resolve) => setImmediate(resolve))
    await reader.close()
    await refused
    assert.equal(readers(others).length, 0)
  })
})
