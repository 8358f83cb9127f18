import type { Context } from '../context.ts'
import { LibraryError } from '../library/errors.ts'
import type { Intensities } from '../library/similar.ts'
import { MediaError, MediaFailure } from '../media/errors.ts'
import { inspectPicture } from '../media/inspect.ts'

const AGAIN_SECONDS = 5

/**
 * How bright the quarters of a picture are, and its shape; nothing of it is kept.
 *
 * @throws LibraryError `bad_media` (of the field `image`), `unavailable` while too many pictures wait.
 */
export async function brightnessOf(
  ctx: Pick<Context, 'blobs' | 'media'>,
  path: string,
): Promise<{ intensities: Intensities; aspectRatio: number }> {
  const folder = await ctx.blobs.workFolder()
  try {
    const { width, height } = await inspectPicture(path)
    const job = { path, outputDir: folder.path, renditions: [] }
    const { intensities } = await ctx.media.processPicture(job)
    return { intensities, aspectRatio: width / height }
  } catch (error) {
    if (error instanceof MediaError)
      throw new LibraryError({ kind: 'bad_media', field: 'image', detail: error.detail }, { cause: error })
    if (error instanceof MediaFailure && error.kind === 'busy')
      throw new LibraryError({ kind: 'unavailable', retryAfterSeconds: AGAIN_SECONDS }, { cause: error })
    throw error
  } finally {
    await folder.remove()
  }
}
