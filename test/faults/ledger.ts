import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { multipart } from '../helpers/vitrine.ts'
import type { Chance } from '../helpers/random.ts'
import type { Caller, Reply } from '../helpers/started-server.ts'
import { distinctPicture, type DistinctPicture } from './distinct-pictures.ts'

/** One state of an item. Every field carries the same number, so that a mixture of two states is found out. */
export interface Said {
  title: string
  description: string
  tags: string[]
}

/** One item as its client knows it: what was acknowledged, and what was asked and never answered. */
export interface Entry {
  /** The client that made it, and that alone changes it. */
  client: number
  key: string
  n: number
  picture: DistinctPicture
  /** Null until the upload has been acknowledged. */
  id: number | null
  said: Said
  pending: { op: 'upload' } | { op: 'edit'; to: Said } | { op: 'delete' } | null
  /** A delete was acknowledged. */
  gone: boolean
  /** It has been seen ready, so it may be edited. */
  ready: boolean
}

export interface Ledger {
  entries: Entry[]
  /** How many uploads were begun: the number of the next one. */
  begun: number
  acknowledged: { upload: number; edit: number; delete: number }
}

export const newLedger = (): Ledger => ({
  entries: [],
  begun: 0,
  acknowledged: { upload: 0, edit: 0, delete: 0 },
})

let versions = 0

function saidNow(n: number): Said {
  const mark = `${n}v${versions++}`
  return { title: `Item ${mark}`, description: `About ${mark}`, tags: [`one ${mark}`, `two ${mark}`] }
}

/**
 * A client that works until it is stopped or the server is gone. Every operation is written down before it is sent
 * and after it was answered; one that is refused ends the test.
 */
export async function work(
  caller: Caller,
  ledger: Ledger,
  { client, chance, stop }: { client: number; chance: Chance; stop: AbortSignal },
): Promise<void> {
  const mine = ledger.entries.filter((entry) => entry.client === client && !entry.gone)
  while (!stop.aborted) {
    const entry = mine[chance.below(mine.length + 1)]
    const what = chance.below(100)
    try {
      if (what < 15 || entry === undefined) mine.push(await upload(caller, ledger, client))
      else if (entry.pending === null && !entry.gone)
        await (what < 65 ? edit(caller, ledger, entry) : remove(caller, ledger, entry))
    } catch (error) {
      // The connection broke: the server is gone.
      if (error instanceof TypeError) return
      throw error
    }
    await wait(chance.between(0, 60))
  }
}

async function upload(caller: Caller, ledger: Ledger, client: number): Promise<Entry> {
  const n = ledger.begun++
  const entry: Entry = {
    client,
    key: `key-${n}`,
    n,
    picture: await distinctPicture(n),
    id: null,
    said: saidNow(n),
    pending: { op: 'upload' },
    gone: false,
    ready: false,
  }
  ledger.entries.push(entry)
  acknowledgeUpload(ledger, entry, await sendUpload(caller, entry))
  return entry
}

/** Sends the upload of an entry, always with the same key and content. */
export function sendUpload(caller: Caller, { key, said, picture }: Entry): Promise<Reply> {
  const form = multipart({ ...said }, { image: picture.bytes, fileName: 'picture.png' })
  const headers = { ...form.headers, 'idempotency-key': key }
  return caller.call('POST', '/v2/shots', { body: form.payload, headers })
}

export function acknowledgeUpload(ledger: Ledger, entry: Entry, reply: Reply): void {
  assert.equal(reply.status, 202, `an upload was answered ${reply.status} ${String(reply.body)}`)
  const id = Number(/\/v2\/shots\/(\d+)$/.exec(reply.headers.get('location') ?? '')?.[1])
  assert.ok(id > 0, 'an upload is answered with the address of its shot')
  if (entry.id !== null) assert.equal(id, entry.id, `the same key gave another shot (${entry.key})`)
  entry.id = id
  entry.pending = null
  ledger.acknowledged.upload += 1
}

async function edit(caller: Caller, ledger: Ledger, entry: Entry): Promise<void> {
  if (!entry.ready) return
  const to = saidNow(entry.n)
  entry.pending = { op: 'edit', to }
  const reply = await caller.call('PUT', `/v2/shots/${entry.id}`, { json: to })
  assert.equal(reply.status, 200, `an edit was answered ${reply.status}`)
  entry.pending = null
  entry.said = to
  ledger.acknowledged.edit += 1
}

async function remove(caller: Caller, ledger: Ledger, entry: Entry): Promise<void> {
  entry.pending = { op: 'delete' }
  acknowledgeDelete(ledger, entry, await caller.call('DELETE', `/v2/shots/${entry.id}`))
}

export function acknowledgeDelete(ledger: Ledger, entry: Entry, reply: Reply): void {
  assert.equal(reply.status, 204, `a delete was answered ${reply.status}`)
  entry.pending = null
  entry.gone = true
  ledger.acknowledged.delete += 1
}
