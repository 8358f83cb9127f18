import { request, type IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** Where a Vitrine is reached, and with which token. */
export interface Door {
  url: string
  token: string
}

const BOUNDARY = 'bench-3f1c9a4e'

/** Uploads a picture as a shot. Returns its address, which answers 404 until its pictures are made. */
export async function uploadShot(
  { url, token }: Door,
  picture: Uint8Array,
  title: string,
  tags: readonly string[] = [],
): Promise<string> {
  const part = (head: string) => `--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`
  const labels = tags.map((tag) => `${part('name="tags[]"')}${tag}\r\n`).join('')
  const before = `${part('name="title"')}${title}\r\n${labels}${part('name="image"; filename="photo.jpg"\r\nContent-Type: image/jpeg')}`
  const body = Buffer.concat([Buffer.from(before), picture, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
  const headers = { ...bearer(token), 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
  const answer = await send(`${url}/dribbble/v2/shots`, { method: 'POST', headers }, body)
  const { location } = answer.headers
  if (answer.statusCode !== 202 || location === undefined)
    throw new Error(`Not accepted: ${answer.statusCode}.`)
  return location
}

/** Waits until a shot is there. Asking costs the server something too, so it is not asked all the time. */
export async function untilReady({ token }: Door, location: string, everyMs = 15): Promise<void> {
  for (const startedMs = performance.now(); performance.now() - startedMs < 60_000; await wait(everyMs)) {
    const { statusCode } = await send(location, { headers: bearer(token) })
    if (statusCode === 200) return
    if (statusCode !== 404) throw new Error(`Not ready but ${statusCode}.`)
  }
  throw new Error('A shot was not ready within a minute.')
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** One request on a connection of its own: one kept open would meet the server's time for idle ones. */
function send(
  url: string,
  options: { method?: string; headers: Record<string, string> },
  body?: Buffer,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) }
    const outgoing = request(url, { ...options, headers: { ...options.headers, ...length }, agent: false })
    outgoing.on('error', reject).on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer))
    })
    outgoing.end(body)
  })
}
