import type { Context } from '../context.ts'
import { makeRenditions } from './make-renditions.ts'
import type { LoadedItem } from '../library/loaded-items.ts'
import { fittedSpecs, publicOriginal, type BoxName, type RenditionSpec } from '../library/renditions.ts'
import type { ItemRow, RenditionRow } from '../library/rows.ts'
import { MediaFailure } from '../media/errors.ts'
import { BYTES } from './media-files.ts'

/** Bytes that show an item. */
export interface Shown {
  sha256: string
  mimeType: string
}

export interface FittedPictures {
  /**
   * The picture of an item fitted into a box: made and kept when it is asked for the first time, once however many ask.
   *
   * @returns The picture itself where it cannot be made, now or ever; null for an item whose picture is not at hand.
   */
  fit: (loaded: LoadedItem, box: BoxName) => Promise<Shown | null>
}

type Making = Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'media' | 'log'>

/** What could not be made is not tried again for so long. */
const PAUSE_MS = 600_000
const MOST_FAILURES = 1000

export function createFittedPictures(ctx: Making): FittedPictures {
  /** What is being made now, by item and by whether it moves. */
  const running = new Map<string, Promise<RenditionRow[]>>()

  /** When what could not be made may be tried again. */
  const failures = new Map<string, number>()

  function make(id: number, sha256: string, specs: readonly RenditionSpec[]): Promise<RenditionRow[]> {
    const key = `${id} ${specs.map(({ name }) => name).join(' ')}`
    const known = running.get(key)
    if (known !== undefined) return known
    const nowMs = ctx.clock().getTime()
    if ((failures.get(key) ?? 0) > nowMs) return Promise.resolve([])
    const made = makeRenditions(ctx, { id, sha256 }, specs)
      .catch((error: unknown) => {
        ctx.log.warn({ err: error, item: id }, 'a picture could not be fitted')
        if (failures.size >= MOST_FAILURES) failures.clear()
        // Too much to do passes by itself; a picture that ends its decoder does not.
        if (!isBusy(error)) failures.set(key, nowMs + PAUSE_MS)
        return []
      })
      .finally(() => running.delete(key))
    running.set(key, made)
    return made
  }

  return {
    async fit(loaded, box) {
      const { item, renditions } = loaded
      const original = shownOriginal(loaded)
      if (original === null || item.kind !== 'image' || item.blob_sha256 === null) return null
      const known = renditions.get(box)
      if (known !== undefined) return shown(known)
      const missing = fittedSpecs(sidesOf(item), box).filter(({ name }) => !renditions.has(name))
      if (missing.length === 0) return original
      const rows = await make(item.id, item.blob_sha256, missing)
      const row = rows.find(({ name }) => name === box)
      return row === undefined ? original : shown(row)
    },
  }
}

/** The picture itself, without the place it was taken at. Null for an item whose picture is not at hand. */
export function shownOriginal({ item, renditions }: LoadedItem): Shown | null {
  const stripped = renditions.get(publicOriginal)
  if (stripped !== undefined) return shown(stripped)
  return item.blob_sha256 === null ? null : { sha256: item.blob_sha256, mimeType: item.mime_type ?? BYTES }
}

const shown = ({ blob_sha256, mime_type }: RenditionRow): Shown => ({
  sha256: blob_sha256,
  mimeType: mime_type,
})

const sidesOf = ({ width, height, frames }: ItemRow) => ({
  width: width ?? 0,
  height: height ?? 0,
  frames: frames ?? 1,
})

const isBusy = (error: unknown) => error instanceof MediaFailure && error.kind === 'busy'
