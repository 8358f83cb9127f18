import { FetchError } from './errors.ts'

const longest = 8_192

/**
 * Reads the address of something on the web: http or https, a host, and no name or password in it.
 *
 * @throws FetchError `bad_url`.
 */
export function readWebAddress(text: string | URL, base?: URL): URL {
  const given = String(text)
  if (given.length > longest || !URL.canParse(given, base?.href))
    throw bad('that is not the address of a page')
  const url = new URL(given, base?.href)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw bad('only http and https addresses are fetched')
  if (url.username !== '' || url.password !== '')
    throw bad('addresses with a name or password are not fetched')
  if (url.hostname === '' || url.href.length > longest) throw bad('that is not the address of a page')
  return url
}

const bad = (message: string) => new FetchError('bad_url', message)

/** The host as a resolver takes it, and the port that is connected to. */
export function targetOf(url: URL): { host: string; port: number } {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port }
}
