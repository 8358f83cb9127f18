import type { Context } from '../context.ts'
import { findKey } from '../identity/keys.ts'
import { hashSecret } from '../identity/secrets.ts'
import type { Viewer } from '../library/viewer.ts'
import { libraryVersion } from './library-version.ts'

/** Whom an API key speaks for; null for a key that is nobody's. */
export type KeyReader = (key: string) => Promise<Viewer | null>

const KEPT_KEYS = 5000

/**
 * Reads API keys through a small memory of those seen lately. An entry counts only while the library is as it was
 * when the key was read, so that another key or a suspension takes effect with the next request.
 */
export function createKeyReader(ctx: Pick<Context, 'db' | 'database' | 'clock'>): KeyReader {
  const seen = new Map<string, { version: string; viewer: Viewer }>()

  return async (key) => {
    const stored = libraryVersion(ctx)
    const version = typeof stored === 'string' ? stored : await stored
    const hash = hashSecret(key)
    const known = seen.get(hash)
    if (known?.version === version) return known.viewer

    const found = await findKey(ctx.db, key)
    if (found === null) return null
    // What a key may do is the face's to say; it is no application's.
    const viewer: Viewer = { ...found, scopes: new Set(['public']), app: null }
    if (seen.size >= KEPT_KEYS) seen.clear()
    seen.set(hash, { version, viewer })
    return viewer
  }
}
