import assert from 'node:assert/strict'
import sharp from 'sharp'
import type { Chance } from '../helpers/random.ts'
import {
  incomingNames,
  runVitrine,
  until,
  type Caller,
  type StartedServer,
} from '../helpers/started-server.ts'
import { acknowledgeDelete, acknowledgeUpload, sendUpload, type Entry, type Ledger } from './ledger.ts'

/** What the tests read of a shot. */
interface Shot {
  id: number
  title: string
  description: string
  tags: string[]
  width: number
  height: number
  images: { hidpi: string | null; normal: string; teaser: string }
}

/**
 * Compares a server that was killed and started again with the ledger: what was acknowledged is there (I1, I2), what
 * was not is wholly there or wholly absent (I3), and sending it again has one effect (I6). Afterwards the ledger
 * knows which it was, and holds nothing that is pending.
 */
export async function verifyLedger(caller: Caller, ledger: Ledger, chance: Chance): Promise<void> {
  const shots = await shotsWhenReady(caller, ledger)
  const byId = new Map(ledger.entries.filter(({ id }) => id !== null).map((entry) => [entry.id, entry]))
  const unknown = new Map(
    ledger.entries.filter(({ id }) => id === null).map((entry) => [entry.said.title, entry]),
  )
  for (const shot of shots) {
    const entry = byId.get(shot.id) ?? unknown.get(shot.title)
    assert.ok(entry, `shot ${shot.id} "${shot.title}" is one too many`)
    unknown.delete(shot.title)
    entry.id = shot.id
    entry.ready = true
    compare(entry, shot)
  }
  await settle(caller, ledger, new Set(shots.map(({ id }) => id)))

  const some = Array.from({ length: 3 }, () => chance.oneOf(shots)).filter((shot) => shot !== undefined)
  for (const shot of some) await comparePictures(caller, shot)
}

/** All shots, as soon as every one that was acknowledged and not deleted is among them. */
async function shotsWhenReady(caller: Caller, ledger: Ledger): Promise<Shot[]> {
  const expected = ledger.entries.filter(
    ({ pending, gone }) => !gone && pending?.op !== 'upload' && pending?.op !== 'delete',
  )
  let shots: Shot[] = []
  await until('every acknowledged shot is ready', async () => {
    shots = await listShots(caller)
    const there = new Set(shots.map(({ id }) => id))
    return expected.every(({ id }) => id !== null && there.has(id))
  })
  return shots
}

async function listShots(caller: Caller): Promise<Shot[]> {
  const shots: Shot[] = []
  for (let page = 1; ; page += 1) {
    const reply = await caller.call('GET', `/v2/user/shots?per_page=100&page=${page}`)
    assert.equal(reply.status, 200)
    const found = reply.json() as Shot[]
    shots.push(...found)
    if (found.length < 100) return shots
  }
}

/** A shot is one of the states it may be in, and none of its fields is of another. */
function compare(entry: Entry, shot: Shot): void {
  assert.ok(!entry.gone, `shot ${shot.id} was deleted, and is back`)
  const { title, description, tags, width, height } = shot
  const seen = { title, description, tags: tags.toSorted(), width, height }
  const states = entry.pending?.op === 'edit' ? [entry.said, entry.pending.to] : [entry.said]
  const state = states.find((one) => one.title === title) ?? entry.said
  const wanted = { ...state, description: `<p>${state.description}</p>`, width: 400, height: 300 }
  assert.deepEqual(seen, wanted, `shot ${shot.id} is not as it was left`)
  assert.equal(shot.images.hidpi !== null, entry.picture.width === 800, `sizes of shot ${shot.id}`)
  if (entry.pending?.op === 'edit') {
    entry.said = state
    entry.pending = null
  }
}

/** Sends again what was never answered, each twice: it happens once, and the answer is the same. */
async function settle(caller: Caller, ledger: Ledger, there: ReadonlySet<number>): Promise<void> {
  for (const entry of ledger.entries) {
    if (entry.pending?.op === 'upload') {
      acknowledgeUpload(ledger, entry, await sendUpload(caller, entry))
      acknowledgeUpload(ledger, entry, await sendUpload(caller, entry))
    } else if (entry.pending?.op === 'delete') {
      const again = await caller.call('DELETE', `/v2/shots/${entry.id}`)
      if (again.status === 404) {
        assert.ok(entry.id === null || !there.has(entry.id), 'a shot that is listed can be deleted')
        entry.pending = null
        entry.gone = true
      } else acknowledgeDelete(ledger, entry, again)
      assert.equal((await caller.call('GET', `/v2/shots/${entry.id}`)).status, 404)
    }
    assert.equal(entry.pending, null)
  }
}

/** Every picture of a shot decodes to the size it should have. */
async function comparePictures(caller: Caller, { images }: Shot): Promise<void> {
  const wanted = { normal: [400, 300], teaser: [200, 150], hidpi: [800, 600] } as const
  for (const [size, address] of Object.entries(images)) {
    if (address === null) continue
    const reply = await caller.call('GET', address)
    // Deleted while the unanswered was settled.
    if (reply.status === 404) return
    assert.equal(reply.status, 200)
    const { info } = await sharp(reply.body ?? Buffer.alloc(0))
      .raw()
      .toBuffer({ resolveWithObject: true })
    assert.deepEqual([info.width, info.height], wanted[size as keyof typeof wanted], address)
  }
}

/**
 * `vitrine check` while the server runs: all is well, and nobody had to do anything for it (I4, I5). Bytes whose row
 * was never written wait for the sweep that every start begins with.
 */
export async function assertSound(folder: string): Promise<void> {
  let found = await check(folder)
  await until('the sweep', async () => {
    if (!found.problems.some(({ kind }) => kind === 'blob-unused')) return true
    found = await check(folder)
    return false
  })
  assert.deepEqual(found, { clean: true, problems: [], code: 0 })
}

async function check(folder: string) {
  const { code, output, errors } = await runVitrine(['check', '--json'], { VITRINE_DATA: folder })
  assert.equal(errors, '')
  const { clean, problems } = JSON.parse(output) as { clean: boolean; problems: { kind: string }[] }
  return { clean, problems, code }
}

/** Nothing in `incoming/` is older than this server: names there begin with the process that writes. */
export async function assertNothingLeftOver(folder: string, { pid }: StartedServer): Promise<void> {
  const names = await incomingNames(folder)
  assert.deepEqual(
    names.filter((name) => !name.startsWith(`${pid}-`)),
    [],
  )
}
