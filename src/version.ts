import { readFileSync } from 'node:fs'

/** The version of package.json, which stands one folder above both the sources and the bundle. */
export const version = readVersion()

function readVersion(): string {
  const read: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : '0'
}
