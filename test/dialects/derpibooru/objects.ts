import assert from 'node:assert/strict'
import type { Booru } from '../../helpers/started-booru.ts'

/** When the clock of a test Vitrine starts, as answers print it. */
export const START = '2026-03-04T05:06:07.000Z'

/** The same keys in the same order with the same values. */
export function same(actual: unknown, expected: unknown): void {
  assert.equal(JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1))
}

export const idsOf = (images: readonly unknown[]) => images.map((image) => Object(image).id)

/** The addresses of all versions of an image without a signature. `day` as `2016/9/13`. */
export function representations(
  { base }: Pick<Booru, 'base'>,
  { id, day, name, extension = 'png' }: { id: number; day: string; name: string; extension?: string },
) {
  const version = (size: string) => `${base}/img/${day}/${id}/${size}.${extension}`
  return {
    thumb_tiny: version('thumb_tiny'),
    thumb_small: version('thumb_small'),
    thumb: version('thumb'),
    small: version('small'),
    medium: version('medium'),
    large: version('large'),
    tall: version('tall'),
    full: `${base}/img/view/${day}/${name}.${extension}`,
  }
}

/** An item without a picture and without anything said about it, as its object shows it. */
export function plainImage(
  booru: Pick<Booru, 'base'>,
  { id, uploaderId, uploader }: { id: number; uploaderId: number | null; uploader: string },
  differences: Record<string, unknown> = {},
) {
  const day = '2026/3/4'
  const image = {
    id,
    created_at: START,
    updated_at: START,
    first_seen_at: START,
    tags: '',
    tag_ids: [],
    uploader_id: uploaderId,
    score: 0,
    upvotes: 0,
    downvotes: 0,
    faves: 0,
    comment_count: 0,
    tag_count: 0,
    width: 300,
    height: 300,
    file_name: '',
    description: '',
    uploader,
    image: `${booru.base}/img/view/${day}/${id}.png`,
    aspect_ratio: 1,
    original_format: 'png',
    mime_type: 'image/png',
    sha512_hash: null,
    orig_sha512_hash: null,
    source_url: null,
    representations: representations(booru, { id, day, name: String(id) }),
    is_rendered: true,
    is_optimized: true,
  }
  return { ...image, ...differences }
}
