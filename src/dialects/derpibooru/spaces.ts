import type { Context } from '../../context.ts'
import type { Call } from './call.ts'
import { MOUNT } from './door.ts'
import type { AddressSpace } from './oembed-address.ts'

/** Where our addresses begin: as this request was made, at the hosts of the dialect, and under the names set for it. */
export function spacesOf({ config }: Pick<Context, 'config'>, { base }: Call): AddressSpace[] {
  const { host, pathname } = new URL(base)
  const names = [...config.VITRINE_DERPIBOORU_HOSTS, ...config.VITRINE_DERPIBOORU_ALIASES]
  const mounts = names.flatMap((name) => [
    { host: name, mount: '' },
    { host: name, mount: MOUNT },
  ])
  const own = config.VITRINE_URL === null ? [] : [{ host: config.VITRINE_URL.host, mount: MOUNT }]
  return [{ host, mount: pathname.replace(/\/$/, '') }, ...own, ...mounts]
}
