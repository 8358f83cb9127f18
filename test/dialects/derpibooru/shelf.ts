import type { Booru } from '../../helpers/started-booru.ts'
import { resetKey } from '../../../src/identity/keys.ts'

/** A line of an imported library; ids are given, so that tests can name images. */
export function item(id: number, fields: Record<string, unknown> = {}) {
  return {
    type: 'item',
    id,
    kind: 'image',
    owner: 'ada',
    width: 800,
    height: 600,
    format: 'png',
    created_at: day(id),
    ...fields,
  }
}

/** Image 1 is of the first of February 2026, image 2 of the second … */
export const day = (number: number) => new Date(Date.UTC(2026, 1, number)).toISOString()

/** Two people and six images, one a day: what the lists and searches of the tests are about. */
export const shelf = [
  { type: 'account', login: 'ada', id: 7, name: 'Ada L' },
  { type: 'account', login: 'brook', id: 8 },
  item(1, {
    tags: ['safe', 'boat', 'artist:ada'],
    counts: { upvotes: 10, downvotes: 2, faves: 4, comments: 9 },
  }),
  item(2, {
    tags: ['safe', 'boat', 'red'],
    counts: { upvotes: 4, downvotes: 4, comments: 3 },
    owner: 'brook',
  }),
  item(3, { tags: ['questionable', 'boat'], counts: { upvotes: 30, downvotes: 1 } }),
  item(4, { tags: ['explicit', 'boat'], counts: { upvotes: 50, downvotes: 1 } }),
  item(5, { tags: ['safe', 'kite'], counts: { upvotes: 1, downvotes: 6 }, owner: 'brook', anonymous: true }),
  item(6, { tags: ['safe', 'boat', 'kite'], updated_at: '2026-03-01T00:00:00.000Z' }),
] as const

/** An account of the shelf as a caller: with the key it asks with. */
export async function keyOf({ ctx }: Booru, id: number): Promise<string> {
  return resetKey(ctx, id)
}
