import assert from 'node:assert/strict'
import { addItem, type NewItem } from '../../../src/library/items.ts'
import type { Viewer } from '../../../src/library/viewer.ts'
import type { Person, Vitrine } from '../../helpers/vitrine.ts'

/** When the clock of a test Vitrine starts, as answers print it. */
export const START = '2026-03-04T05:06:07Z'
const START_SECONDS = Date.parse(START) / 1000

export const viewerOf = ({ id }: Pick<Person, 'id'>): Viewer => ({
  accountId: id,
  role: 'member',
  scopes: null,
  app: null,
})

/** A shot whose picture is not at hand: ready at once, which spares the picture process. Returns its id. */
export async function quickShot(
  { ctx }: Pick<Vitrine, 'ctx'>,
  who: Person,
  fields: Partial<NewItem> = {},
): Promise<number> {
  const item = { kind: 'image', title: 'Harbour', ownerId: who.id, ...fields } as const
  return (await addItem(ctx, viewerOf(who), item)).id
}

/** The same keys in the same order with the same values. */
export function same(actual: unknown, expected: unknown): void {
  assert.equal(JSON.stringify(actual, null, 1), JSON.stringify(expected, null, 1))
}

/** A person or a team as API v1 shows them, with what differs from a newcomer. */
export function userV1(
  { base }: Pick<Vitrine, 'base'>,
  { id, login, team = false }: Pick<Person, 'id' | 'login'> & { team?: boolean },
  differences: Record<string, unknown> = {},
) {
  const own = `${base}/v1/users/${id}`
  const user = {
    id,
    name: login,
    username: login,
    html_url: `${base}/${login}`,
    avatar_url: `${base}/users/${id}/avatars/normal/avatar.png?${START_SECONDS}`,
    bio: null,
    location: null,
    links: {},
    buckets_count: 0,
    comments_received_count: 0,
    followers_count: 0,
    followings_count: 0,
    likes_count: 0,
    likes_received_count: 0,
    projects_count: 0,
    rebounds_received_count: 0,
    shots_count: 0,
    ...(team ? {} : { teams_count: 0 }),
    can_upload_shot: true,
    type: team ? 'Team' : 'Player',
    pro: false,
    buckets_url: `${own}/buckets`,
    followers_url: `${own}/followers`,
    following_url: `${own}/following`,
    likes_url: `${own}/likes`,
    projects_url: `${own}/projects`,
    shots_url: `${own}/shots`,
    ...(team ? {} : { teams_url: `${own}/teams` }),
    created_at: START,
    updated_at: START,
    ...(team
      ? {
          members_count: 0,
          members_url: `${base}/v1/teams/${id}/members`,
          team_shots_url: `${base}/v1/teams/${id}/shots`,
        }
      : {}),
  }
  return { ...user, ...differences }
}

/** The addresses of a shot without a picture at hand. */
export const placeholders = ({ base }: Pick<Vitrine, 'base'>, ownerId: number, id: number, stem: string) => ({
  hidpi: null,
  normal: `${base}/users/${ownerId}/screenshots/${id}/${stem}.png`,
  teaser: `${base}/users/${ownerId}/screenshots/${id}/${stem}_teaser.png`,
})

/** A shot of `quickShot` as API v1 shows it. */
export function shotV1(
  vitrine: Pick<Vitrine, 'base'>,
  { id, ownerId, user }: { id: number; ownerId: number; user: unknown },
  differences: Record<string, unknown> = {},
) {
  const address = `${vitrine.base}/v1/shots/${id}`
  return {
    id,
    title: 'Harbour',
    description: null,
    width: 400,
    height: 300,
    images: placeholders(vitrine, ownerId, id, 'harbour'),
    views_count: 0,
    likes_count: 0,
    comments_count: 0,
    attachments_count: 0,
    rebounds_count: 0,
    buckets_count: 0,
    created_at: START,
    updated_at: START,
    html_url: `${vitrine.base}/shots/${id}-Harbour`,
    attachments_url: `${address}/attachments`,
    buckets_url: `${address}/buckets`,
    comments_url: `${address}/comments`,
    likes_url: `${address}/likes`,
    projects_url: `${address}/projects`,
    rebounds_url: `${address}/rebounds`,
    animated: false,
    tags: [],
    user,
    team: null,
    ...differences,
  }
}

/** What 422 says, as `attribute message`. */
export function problemsIn(answer: { statusCode: number; json: () => unknown }): string[] {
  assert.equal(answer.statusCode, 422)
  const body = answer.json() as { message: string; errors: { attribute: string; message: string }[] }
  assert.equal(body.message, 'Validation failed.')
  return body.errors.map(({ attribute, message }) => `${attribute} ${message}`)
}
