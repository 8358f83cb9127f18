import type { Context } from '../context.ts'
import { withBlob } from '../jobs/pictures.ts'
import { keepRenditions } from '../library/extra-renditions.ts'
import type { Made } from '../library/processing.ts'
import type { RenditionSpec } from '../library/renditions.ts'
import type { RenditionRow } from '../library/rows.ts'

/**
 * Makes further renditions of an item from its original and keeps them.
 *
 * @returns All renditions of the item now.
 * @throws MediaError, MediaFailure, LibraryError `storage_full`, `unavailable`.
 */
export async function makeRenditions(
  ctx: Pick<Context, 'db' | 'clock' | 'blobs' | 'queue' | 'media'>,
  of: { id: number; sha256: string },
  specs: readonly RenditionSpec[],
): Promise<RenditionRow[]> {
  const made: Made[] = []
  try {
    await withBlob(ctx, of.sha256, async ({ path, folder }) => {
      const { renditions } = await ctx.media.processPicture({ path, outputDir: folder, renditions: specs })
      for (const { path: file, ...rendition } of renditions)
        made.push({ ...rendition, incoming: await ctx.blobs.adopt(file) })
    })
    return await keepRenditions(ctx, of, made)
  } catch (error) {
    await Promise.all(made.map(({ incoming }) => ctx.blobs.discard(incoming)))
    throw error
  }
}
