import { createHash, randomBytes } from 'node:crypto'
import { getRequest } from './load.ts'

const REALM = 'GimmeBarAPI'

/** Requests made before a slice begins, so that the generator need not compute while it is measured. */
const MADE_BEFORE = 60_000

/**
 * Requests of one HTTP Digest login (RFC 7616, MD5, `qop=auth`), which counts them, over and over through some
 * paths. The nonce is asked of the server first.
 */
export async function digestRequests(
  url: string,
  paths: readonly string[],
  { login, token }: { login: string; token: string },
): Promise<() => Buffer> {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  const nonce = await nonceOf(url + (paths[0] ?? ''))
  const secret = md5(`${login}:${REALM}:${token}`)
  const cnonce = randomBytes(8).toString('hex')
  const request = (count: number) => {
    const path = paths[count % paths.length] ?? ''
    const nc = count.toString(16).padStart(8, '0')
    const response = md5(`${secret}:${nonce}:${nc}:${cnonce}:auth:${md5(`GET:${path}`)}`)
    const authorization =
      `Digest username="${login}", realm="${REALM}", nonce="${nonce}", uri="${path}", algorithm=MD5, qop=auth, ` +
      `nc=${nc}, cnonce="${cnonce}", response="${response}"`
    return getRequest(url, path, { authorization })
  }
  const made = Array.from({ length: MADE_BEFORE }, (_, at) => request(at + 1))
  let sent = 0
  return () => made[sent++] ?? request(sent)
}

async function nonceOf(address: string): Promise<string> {
  const answer = await fetch(address)
  const nonce = /nonce="([0-9a-f]+)"/.exec(answer.headers.get('www-authenticate') ?? '')?.[1]
  if (answer.status !== 401 || nonce === undefined) throw new Error('The server asked for no Digest.')
  return nonce
}
