import type { FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { withFetchedPicture } from '../../faces/fetched-picture.ts'
import { brightnessOf } from '../../faces/picture-brightness.ts'
import { invalid } from '../../library/errors.ts'
import type { LoadedItem } from '../../library/items.ts'
import { findItem } from '../../library/items.ts'
import { findSimilar, type Intensities } from '../../library/similar.ts'
import { ANONYMOUS } from '../../library/viewer.ts'
import { callOf, textOf, type Call } from './call.ts'
import { askedImage } from './oembed-address.ts'
import { spacesOf } from './spaces.ts'

/** Largest picture that is looked at. */
export const PICTURE_BYTES = 25 * 1024 * 1024
/** "search":[≤20]. */
const MOST_FOUND = 20
const FUZZINESS = { least: 0.1, usual: 0.25, most: 5 }

interface Brightness {
  intensities: Intensities
  aspectRatio: number | null
}

/**
 * Images that look like a picture: an uploaded file, one of ours by its address, or one of another site by its.
 *
 * @throws LibraryError `invalid` without either, `bad_media`.
 */
export async function reverseSearch(
  ctx: Context,
  request: FastifyRequest,
): Promise<{ rows: LoadedItem[]; total: number }> {
  const call = callOf(request)
  const wanted = await brightnessAsked(ctx, call)
  const rows = await findSimilar(ctx, { ...wanted, distance: fuzzinessIn(call) }, MOST_FOUND)
  return { rows, total: rows.length }
}

async function brightnessAsked(ctx: Context, call: Call): Promise<Brightness> {
  const [part] = call.files
  if (part !== undefined) return brightnessOf(ctx, part.incoming.path)
  const url = textOf(call, 'url')
  if (url === '') throw invalid('image', "can't be blank")
  const asked = askedImage(url, spacesOf(ctx, call))
  if (asked.kind !== 'image') return brightnessElsewhere(ctx, call, url)
  const { item } = await findItem(ctx, ANONYMOUS, asked.id)
  const intensities = readIntensities(item.intensities)
  if (intensities === null) throw invalid('url', 'is the address of an image without a picture')
  const { width, height } = item
  return { intensities, aspectRatio: width && height ? width / height : null }
}

/** A picture of another site, fetched for this one look. */
function brightnessElsewhere(ctx: Context, { viewer }: Call, url: string): Promise<Brightness> {
  const wanted = { url, field: 'url', maxBytes: PICTURE_BYTES, account: viewer.accountId }
  return withFetchedPicture(ctx, wanted, ({ path }) => brightnessOf(ctx, path))
}

function readIntensities(stored: string | null): Intensities | null {
  const read: unknown = stored === null ? null : JSON.parse(stored)
  if (typeof read !== 'object' || read === null) return null
  const of = new Map<string, unknown>(Object.entries(read))
  const [nw, ne, sw, se] = ['nw', 'ne', 'sw', 'se'].map((quarter) => of.get(quarter))
  if (typeof nw !== 'number' || typeof ne !== 'number') return null
  return typeof sw !== 'number' || typeof se !== 'number' ? null : { nw, ne, sw, se }
}

/** `fuzziness` from 0.1 to 5; anything else is the usual 0.25. */
function fuzzinessIn(call: Call): number {
  const text = textOf(call, 'fuzziness').trim()
  const number = text === '' ? Number.NaN : Number(text)
  return number >= FUZZINESS.least && number <= FUZZINESS.most ? number : FUZZINESS.usual
}
