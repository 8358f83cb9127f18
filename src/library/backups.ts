/** Services that items were brought over from when they closed or changed, by the hosts of what came from there. */
const services: readonly (readonly [name: string, hosts: RegExp])[] = [
  ['delicious', /(^|\.)(delicious\.com|del\.icio\.us)$/],
  ['pinboard', /(^|\.)pinboard\.in$/],
  ['twitter', /(^|\.)(twitter\.com|x\.com|t\.co)$/],
  ['instagram', /(^|\.)(instagram\.com|instagr\.am)$/],
]

/** For sources that do not tell. */
export const unknownBackup = 'other'

/** The service a source belongs to. */
export function backupServiceOf(source: string | null): string {
  const host = source !== null && URL.canParse(source) ? new URL(source).hostname : ''
  return services.find(([, hosts]) => hosts.test(host))?.[0] ?? unknownBackup
}
