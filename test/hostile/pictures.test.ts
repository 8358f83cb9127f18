import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { test } from 'node:test'
import { default as exifr } from 'exifr'
import sharp from 'sharp'
import { temporaryFolder } from '../helpers/folders.ts'
import {
  addToken,
  assertQuietLog,
  callerOf,
  childrenOf,
  incomingNames,
  memoryBytes,
  openLibrary,
  startServer,
  until,
  type Caller,
  type Reply,
} from '../helpers/started-server.ts'
import { multipart } from '../helpers/vitrine.ts'
import { hostileDir } from '../media/sample-pictures.ts'
import { damagedPngSuite, generatedVerdicts, pngSuiteSides } from '../media/verdicts.ts'

/** "Growth … pass if ≤ 64 MB" (the reliability goals, common definitions). */
const GROWTH_BYTES = 64 * 1024 * 1024

type Sides = readonly [width: number, height: number]

/** What must be said of one file: its sides when it is taken, or why it is not. */
interface Case {
  name: string
  bytes: Buffer
  sides: Sides | null
  reason: string | null
}

/** Every file there is, judged by what its README says it is: with any sides, or by the documented rule. */
async function allCases(rule: 'any' | 'strict'): Promise<Case[]> {
  const cases: Case[] = []
  for (const folder of ['generated', 'pngsuite'])
    for (const name of await readdir(join(hostileDir, folder))) {
      if (name === 'LICENSE.txt') continue
      const bytes = await readFile(join(hostileDir, folder, name))
      cases.push({ name, bytes, ...expected(name, rule) })
    }
  return cases
}

function expected(name: string, rule: 'any' | 'strict'): Pick<Case, 'sides' | 'reason'> {
  const damaged = damagedPngSuite.get(name)
  const verdict = generatedVerdicts.get(name) ?? (damaged ? ['corrupt', damaged] : pngSuiteSides(name))
  const [first, second] = verdict
  if (typeof first !== 'number' || typeof second !== 'number')
    return { sides: null, reason: `cannot be used: ${second}` }
  // "and be a GIF, JPG, or PNG" (Create a shot)
  if (extname(name) === '.webp') return { sides: null, reason: 'must be a GIF, JPG, or PNG' }
  const isExact = (first === 400 && second === 300) || (first === 800 && second === 600)
  if (rule === 'any' || isExact) return { sides: [first, second], reason: null }
  return { sides: null, reason: 'must be exactly 400x300 or 800x600' }
}

function upload(caller: Caller, { name, bytes }: Case): Promise<Reply> {
  const { payload, headers } = multipart({ title: name }, { image: bytes, fileName: name })
  return caller.call('POST', '/v2/shots', { body: payload, headers })
}

/** Uploads a few at a time, and compares every answer. Returns the ids of what was taken, by name. */
async function uploadAll(caller: Caller, cases: readonly Case[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  const waiting = [...cases]
  const client = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const reply = await upload(caller, one)
      if (one.reason === null) {
        assert.equal(reply.status, 202, `${one.name} is answered ${reply.status} ${String(reply.body)}`)
        ids.set(one.name, Number(reply.headers.get('location')?.split('/').at(-1)))
        continue
      }
      const errors = [{ attribute: 'image', message: one.reason }]
      assert.deepEqual(
        [reply.status, reply.json()],
        [422, { message: 'Validation failed.', errors }],
        one.name,
      )
    }
  }
  await Promise.all([client(), client(), client(), client()])
  return ids
}

interface Shot {
  title: string
  width: number
  height: number
  animated: boolean
  images: Record<string, string | null>
}

async function listShots(caller: Caller): Promise<Shot[]> {
  const shots: Shot[] = []
  for (let page = 1; ; page += 1) {
    const found = (await caller.call('GET', `/v2/user/shots?per_page=100&page=${page}`)).json() as Shot[]
    shots.push(...found)
    if (found.length < 100) return shots
  }
}

test('every hostile picture is taken with its sides or refused with its reason, and costs nothing that stays', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path, { VITRINE_DRIBBBLE_DIMENSIONS: 'any' })
  const caller = callerOf(server, token)
  const cases = await allCases('any')
  const refused = cases.filter(({ reason }) => reason !== null)
  const taken = cases.filter(({ reason }) => reason === null)
  assert.ok(refused.length > 40 && taken.length > 190)

  await uploadAll(caller, refused)
  assert.deepEqual(await childrenOf(server.pid), [], 'nothing of what is refused has been decoded')
  assert.deepEqual(await incomingNames(folder.path), [])

  const ids = await uploadAll(caller, taken)
  await until('every accepted picture', async () => (await listShots(caller)).length === taken.length)
  await compareSides(folder.path, taken, ids)
  const shots = await listShots(caller)
  const sides = new Map(taken.map((one) => [one.name, one.sides]))
  for (const shot of shots) await comparePictures(caller, shot, sides.get(shot.title) ?? [0, 0])
  assert.equal(shots.find(({ title }) => title === 'gif-zero-delay-loop.gif')?.animated, true)

  const before = await memoryBytes(server.pid)
  await uploadAll(
    caller,
    cases.filter(({ name }) => generatedVerdicts.has(name) || damagedPngSuite.has(name)),
  )
  await until('the queue to be empty', async () => (await incomingNames(folder.path)).length === 0)
  await until(
    'the memory of the server to be where it was',
    async () => (await memoryBytes(server.pid)) - before <= GROWTH_BYTES,
    30_000,
  )
  assertQuietLog(server, { warnings: false })
})

/** The sides that the library knows are those of the picture, turned as its camera was held. */
async function compareSides(
  folder: string,
  taken: readonly Case[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  await using library = await openLibrary(folder)
  const rows = await library.db
    .selectFrom('item')
    .select(['id', 'width', 'height', 'state', 'failure'])
    .execute()
  const byId = new Map(rows.map(({ id, ...row }) => [id, { ...row }]))
  for (const { name, sides } of taken) {
    const [width, height] = sides ?? []
    const wanted = { width, height, state: 'ready', failure: null }
    assert.deepEqual(byId.get(ids.get(name) ?? 0), wanted, name)
  }
}

const SERVED = { normal: [400, 300], teaser: [200, 150], hidpi: [800, 600] } as const
const MAGIC: Record<string, RegExp> = {
  'image/png': /^\x89PNG\r\n/,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/gif': /^GIF8[79]a/,
}

/** A crop of the box's shape that is as large as the box, or as the original where that has fewer pixels. */
function cropped([width, height]: Sides, [boxWidth, boxHeight]: Sides): Sides {
  const scale = Math.min(1, width / boxWidth, height / boxHeight)
  return [Math.max(1, Math.round(boxWidth * scale)), Math.max(1, Math.round(boxHeight * scale))]
}

/** What is served is a picture of the right size, of the type it says, and of nothing else that was in the file. */
async function comparePictures(
  caller: Caller,
  { title, images, width, height }: Shot,
  sides: Sides,
): Promise<void> {
  assert.deepEqual([width, height], cropped(sides, SERVED.normal), title)
  for (const [size, address] of Object.entries(images)) {
    if (address === null) continue
    const { status, headers, body } = await caller.call('GET', address)
    assert.equal(status, 200, address)
    assertHarmless(headers, title)
    const bytes = body ?? Buffer.alloc(0)
    const text = bytes.toString('latin1')
    const type = headers.get('content-type') ?? ''
    assert.match(text, MAGIC[type] ?? /^no type of ours$/, `${title} is served as ${type}`)
    assert.equal(headers.get('content-disposition')?.startsWith('inline'), true)
    assert.doesNotMatch(text, /<script|<html|<\?php|<svg|alert\(/i, `${title} carries code`)
    assert.equal(await exifr.gps(bytes).catch(() => undefined), undefined, `${title} says where it was taken`)
    const { width: w, height: h } = await sharp(bytes).metadata()
    assert.deepEqual([w, h], cropped(sides, SERVED[size as keyof typeof SERVED]), `${title}, ${size}`)
  }
}

function assertHarmless(headers: Headers, what: string): void {
  assert.equal(headers.get('x-content-type-options'), 'nosniff', what)
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'; sandbox/, what)
  assert.doesNotMatch(headers.get('content-type') ?? '', /svg|html|xml|script/, what)
}

// "It must be exactly 400x300 or 800x600, no larger than eight megabytes, and be a GIF, JPG, or PNG." (Create a shot)
test('by the documented rule only pictures of exactly the two sizes are taken', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path)
  const cases = (await allCases('strict')).filter(({ name }) => generatedVerdicts.has(name))
  await uploadAll(callerOf(server, token), cases)
  assertQuietLog(server)
})

interface Attachment {
  id: number
  url: string
  content_type: string
  thumbnail_url?: string
}

test('as attachments, hostile files are kept, and given back so that no browser runs them', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path)
  const caller = callerOf(server, token)
  const cases = (await allCases('any')).filter(({ name }) => generatedVerdicts.has(name))
  const shot = cases.find(({ name }) => name === 'ok-400x300.png')
  assert.ok(shot)
  const address = (await upload(caller, shot)).headers.get('location') ?? ''
  await until('the shot', async () => (await caller.call('GET', address)).status === 200)

  const names = new Map<number, Case>()
  for (const one of cases.filter(({ bytes }) => bytes.length > 0)) {
    const file = { image: one.bytes, field: 'file', fileName: one.name, mimeType: 'text/html' }
    const { payload, headers } = multipart({}, file)
    const reply = await caller.call('POST', `${address}/attachments`, { body: payload, headers })
    assert.equal(reply.status, 202, `${one.name}: ${String(reply.body)}`)
    names.set(Number(reply.headers.get('location')?.split('/').at(-1)), one)
  }
  const list = async () =>
    ((await caller.call('GET', address)).json() as { attachments: Attachment[] }).attachments
  await until('every attachment', async () => (await list()).length === names.size)
  for (const attachment of await list()) {
    const one = names.get(attachment.id)
    assert.ok(one)
    await compareAttachment(caller, attachment, one)
  }
})

async function compareAttachment(caller: Caller, attachment: Attachment, one: Case): Promise<void> {
  const { status, headers, body } = await caller.call('GET', attachment.url)
  assert.equal(status, 200, one.name)
  assertHarmless(headers, one.name)
  assert.equal(headers.get('content-type'), attachment.content_type)
  const isPicture = generatedVerdicts.get(one.name)?.every((side) => typeof side === 'number') ?? false
  assert.equal(attachment.thumbnail_url !== undefined, isPicture, one.name)
  assert.equal(attachment.content_type.startsWith('image/'), isPicture, one.name)
  if (!isPicture) assert.match(headers.get('content-disposition') ?? '', /^attachment/, one.name)
  const bytes = body ?? Buffer.alloc(0)
  if (one.name === 'exif-gps.jpg') {
    assert.notEqual(await exifr.gps(one.bytes), undefined)
    assert.equal(await exifr.gps(bytes).catch(() => undefined), undefined)
  } else if (isPicture) {
    // What stands behind the end of a picture may be left out, and nothing else.
    assert.ok(one.bytes.subarray(0, bytes.length).equals(bytes), `${one.name} comes back as it was`)
  } else assert.ok(one.bytes.equals(bytes), `${one.name} comes back as it was`)

  const only = await caller.call('HEAD', attachment.url)
  const without = (all: Headers) => [...all].filter(([name]) => !/^(date|connection|keep-alive)$/.test(name))
  assert.deepEqual([only.status, without(only.headers)], [200, without(headers)], one.name)
}
