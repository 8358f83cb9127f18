import assert from 'node:assert/strict'
import { test } from 'node:test'
import sharp from 'sharp'
import { temporaryFolder } from '../helpers/folders.ts'
import { samplePicture } from '../helpers/pictures.ts'
import {
  addToken,
  callerOf,
  childrenOf,
  incomingNames,
  startServer,
  until,
} from '../helpers/started-server.ts'
import { multipart } from '../helpers/vitrine.ts'
import { assertSound } from './oracle.ts'

// Reliability: "Decoder crash, timeout or memory limit: the job fails, the item is marked failed, the server lives."
test('a decoder that is killed takes nothing with it: the picture is made at the next try', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path, { VITRINE_DRIBBBLE_DIMENSIONS: 'any' })
  const caller = callerOf(server, token)
  const upload = async (title: string, image: Buffer) => {
    const { payload, headers } = multipart({ title }, { image })
    const reply = await caller.call('POST', '/v2/shots', { body: payload, headers })
    assert.equal(reply.status, 202, String(reply.body))
    return reply.headers.get('location') ?? ''
  }
  const isReady = async (address: string) => (await caller.call('GET', address)).status === 200

  // Large enough to be in the middle of its work when the process is killed.
  const large = await upload('Large', await samplePicture({ width: 3200, height: 2400 }))
  let victims: number[] = []
  await until('a decoder', async () => (victims = await childrenOf(server.pid)).length > 0)
  for (const victim of victims) process.kill(victim, 'SIGKILL')

  // The server lives, takes uploads, and starts another decoder for them.
  const small = await upload('Small', await samplePicture({ width: 400, height: 300 }))
  await until('the small picture', () => isReady(small))
  await until('the large picture', () => isReady(large))
  assert.ok(!(await childrenOf(server.pid)).some((pid) => victims.includes(pid)))
  assert.match(server.output(), /"level":40,.*a job failed and will be tried again/)
  assert.doesNotMatch(server.output(), /"level":(?:50|60)/)
  await until('nothing half-made', async () => (await incomingNames(folder.path)).length === 0)
  await assertSound(folder.path)
})

test('a picture that takes too long or too much memory fails, with the reason, and nothing else does', async () => {
  await using folder = await temporaryFolder()
  const token = await addToken(folder.path)
  await using server = await startServer(folder.path, {
    VITRINE_DRIBBBLE_DIMENSIONS: 'any',
    VITRINE_MEDIA_TIMEOUT_SECONDS: '1',
    VITRINE_MEDIA_MEMORY_MB: '256',
  })
  const caller = callerOf(server, token)
  // Under every limit of the inspection; interlaced, so all of its 253 MiB must be held at once.
  const blank = { width: 9400, height: 9400, channels: 3, background: 'teal' } as const
  const heavy = await sharp({ create: blank }).png({ compressionLevel: 1, progressive: true }).toBuffer()
  const pictures = { Heavy: heavy, Light: await samplePicture({ width: 400, height: 300 }) }
  const addresses: string[] = []
  for (const [title, image] of Object.entries(pictures)) {
    const { payload, headers } = multipart({ title }, { image })
    const reply = await caller.call('POST', '/v2/shots', { body: payload, headers })
    assert.equal(reply.status, 202, String(reply.body))
    addresses.push(reply.headers.get('location') ?? '')
  }
  await until('the light picture', async () => (await caller.call('GET', addresses[1] ?? '')).status === 200)
  await until('nothing half-made', async () => (await incomingNames(folder.path)).length === 0)
  assert.equal((await caller.call('GET', addresses[0] ?? '')).status, 404, 'what failed is there for nobody')
  assert.doesNotMatch(server.output(), /"level":(?:50|60)/)
  await assertSound(folder.path)
  // Its owner may clear it away.
  assert.equal((await caller.call('DELETE', addresses[0] ?? '')).status, 204)
})
