import type { Context } from '../context.ts'
import { BlobTooLarge, type Incoming } from '../blobs/blobs.ts'
import { FetchError } from '../fetching/errors.ts'
import { invalid, LibraryError } from '../library/errors.ts'

/** Fetches somebody else's picture for one look at it. */
export interface FetchPicture {
  url: string
  /** Field to name in a refusal. */
  field: string
  maxBytes: number
  /** Whose fetch it is, for the limit of fetches at once. */
  account: number | null
}

/**
 * Gives the bytes behind a public URL to `look`, and drops them afterwards.
 *
 * @throws LibraryError `invalid` naming `field` when there is nothing to be had at the address, `too_large`; and
 * whatever `look` throws.
 */
export async function withFetchedPicture<T>(
  ctx: Pick<Context, 'fetcher' | 'blobs'>,
  { url, field, maxBytes, account }: FetchPicture,
  look: (incoming: Incoming) => Promise<T>,
): Promise<T> {
  const incoming = await receive(ctx, { url, field, maxBytes, account })
  try {
    return await look(incoming)
  } finally {
    await ctx.blobs.discard(incoming)
  }
}

async function receive(
  { fetcher, blobs }: Pick<Context, 'fetcher' | 'blobs'>,
  { url, field, maxBytes, account }: FetchPicture,
): Promise<Incoming> {
  try {
    const { status, body } = await fetcher.fetchUrl(url, { maxBytes, accept: 'image/*', account })
    if (status === 200) return await blobs.receive(body, { maxBytes })
    body.destroy()
  } catch (error) {
    if (error instanceof BlobTooLarge || (error instanceof FetchError && error.kind === 'too_large'))
      throw new LibraryError({ kind: 'too_large', field, limitBytes: maxBytes }, { cause: error })
    if (error instanceof FetchError) throw invalid(field, `cannot be fetched: ${error.message}`)
    throw error
  }
  throw invalid(field, 'cannot be fetched: there is no picture at the address')
}
