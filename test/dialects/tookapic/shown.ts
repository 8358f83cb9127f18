import type { Photographer, Tookapic } from '../../helpers/start-tookapic.ts'

/** When the clock of a test Vitrine starts, as answers print it. */
export const START = '2026-03-04T05:06:07Z'

/** A newcomer as the face shows them, with what differs. */
export function user(
  { base, pages }: Pick<Tookapic, 'base' | 'pages'>,
  { id, login }: Pick<Photographer, 'id' | 'login'>,
  differences: Record<string, unknown> = {},
) {
  const newcomer = {
    id,
    username: login,
    name: login,
    url: `${pages}/people/${login}`,
    bio: null,
    website: null,
    location: null,
    image_avatar: `${base}/images/avatars/${id}.png?${Date.parse(START) / 1000}`,
    image_cover: null,
    count_photos: 0,
    count_followers: 0,
    count_following: 0,
    streak: 0,
    longest_streak: 0,
    missed_days: 0,
    started_on: null,
    created_at: START,
  }
  return { ...newcomer, ...differences }
}

/** A photo of `Tookapic.photo`, which has no picture at hand, as the face shows it to nobody in particular. */
export function photo(
  { base, pages }: Pick<Tookapic, 'base' | 'pages'>,
  id: number,
  username: string,
  differences: Record<string, unknown> = {},
) {
  const bare = {
    id,
    title: 'Harbour',
    description: null,
    url: `${pages}/items/${id}`,
    username,
    image_thumb: `${base}/images/${id}/thumb.png`,
    count_likes: 0,
    count_comments: 0,
    number: null,
    taken_on: null,
    created_at: START,
    updated_at: START,
    image: `${base}/images/${id}/medium.png`,
    image_large: `${base}/images/${id}/large.png`,
    width: null,
    height: null,
    color: null,
    count_views: 0,
    place: null,
    camera: null,
    is_liked: null,
  }
  return { ...bare, ...differences }
}
