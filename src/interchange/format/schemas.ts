import { Type, type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  Access,
  Count,
  Flag,
  Hex,
  Id,
  mostId,
  OneOf,
  optional,
  Pixels,
  Text,
  Texts,
  Time,
} from './schema-parts.ts'
import { schemasBeside } from './schemas-beside.ts'

/** One entry per type of line, in the words of the interchange format. A field that is null counts as left out. */
const schemas = {
  library: Type.Object({
    type: Type.Literal('library'),
    format: Type.Integer(),
    exported_at: optional(Time),
    origin: optional(Text),
  }),
  account: Type.Object({
    type: Type.Literal('account'),
    login: Text,
    id: optional(Id),
    name: optional(Text),
    kind: optional(OneOf('person', 'team')),
    members: optional(Texts),
    members_since: optional(Type.Array(Type.Object({ login: Text, since: Time }))),
    uid: optional(Hex(32)),
    bio: optional(Text),
    location: optional(Text),
    links: optional(Type.Record(Type.String(), Type.String())),
    role: optional(OneOf('member', 'moderator', 'admin')),
    pro: optional(Flag),
    may_upload: optional(Flag),
    suspended: optional(Flag),
    stellar: optional(Flag),
    time_zone: optional(Text),
    past_time_zones: optional(Type.Array(Type.Object({ time_zone: Text, until: Time }))),
    created_at: optional(Time),
    updated_at: optional(Time),
  }),
  alias: Type.Object({ type: Type.Literal('alias'), name: Text, target: Text }),
  implication: Type.Object({ type: Type.Literal('implication'), tag: Text, implies: Texts }),
  item: Type.Object({
    type: Type.Literal('item'),
    id: Id,
    uid: optional(Hex(24)),
    kind: OneOf(
      'image',
      'video',
      'audio',
      'document',
      'page',
      'article',
      'recipe',
      'text',
      'embed',
      'status',
    ),
    owner: Text,
    team: optional(Text),
    anonymous: optional(Flag),
    title: optional(Text),
    description: optional(Text),
    source_url: optional(Text),
    tags: optional(Texts),
    media: optional(Text),
    sha256: optional(Hex(64)),
    width: optional(Pixels),
    height: optional(Pixels),
    format: optional(Text),
    mime_type: optional(Text),
    file_name: optional(Text),
    size: optional(Count),
    sha512: optional(Hex(128)),
    orig_sha512: optional(Hex(128)),
    duration: optional(Type.Number({ minimum: 0, maximum: 1e9 })),
    animated: optional(Flag),
    media_hash: optional(Type.String({ pattern: '^[0-9a-f]{32}\\d{1,15}$' })),
    found_text: optional(Text),
    content: optional(Type.Record(Type.String(), Type.Unknown())),
    visibility: optional(OneOf('public', 'private', 'removed', 'merged')),
    merged_into: optional(Id),
    removal_reason: optional(Text),
    created_at: optional(Time),
    updated_at: optional(Time),
    first_seen_at: optional(
      Type.Union([Time, Type.Object({ before_now_seconds: Type.Number({ minimum: 0, maximum: 1e11 }) })]),
    ),
    published_at: optional(Time),
    scheduled_for: optional(Time),
    low_profile: optional(Flag),
    rebound_of: optional(Id),
    taken_on: optional(Text),
    backup_of: optional(
      OneOf('delicious', 'pinboard', 'twitter', 'twitter_fav', 'instagram', 'instagram_fav', 'other'),
    ),
    counts: optional(
      Type.Object({
        upvotes: optional(Count),
        downvotes: optional(Count),
        faves: optional(Count),
        comments: optional(Count),
        views: optional(Count),
      }),
    ),
  }),
  reaction: Type.Object({
    type: Type.Literal('reaction'),
    item: Id,
    account: Text,
    sort: OneOf('fave', 'upvote', 'downvote', 'hide'),
    at: optional(Time),
  }),
  comment: Type.Object({
    type: Type.Literal('comment'),
    id: optional(Id),
    item: Id,
    account: Text,
    body: Text,
    likes: optional(Type.Array(Type.Object({ account: Text, at: Time }))),
    at: optional(Time),
    updated_at: optional(Time),
  }),
  collection: Type.Object({
    type: Type.Literal('collection'),
    id: Id,
    uid: optional(Hex(24)),
    owner: Text,
    title: Text,
    kind: optional(OneOf('collection', 'gallery', 'bucket', 'project')),
    slug: optional(Text),
    description: optional(Text),
    private: optional(Flag),
    spoiler_warning: optional(Text),
    order_position_asc: optional(Flag),
    thumbnail: optional(Id),
    notable: optional(Flag),
    collaborators: optional(Type.Array(Type.Object({ login: Text, access: Access, since: optional(Time) }))),
    created_at: optional(Time),
    updated_at: optional(Time),
  }),
  collection_item: Type.Object({
    type: Type.Literal('collection_item'),
    collection: Id,
    item: Id,
    position: optional(Type.Integer({ minimum: -mostId, maximum: mostId })),
    at: optional(Time),
  }),
  follow: Type.Object({ type: Type.Literal('follow'), account: Text, target: Text, at: optional(Time) }),
  watch: Type.Object({ type: Type.Literal('watch'), account: Text, target: Id, at: optional(Time) }),
  ...schemasBeside,
} satisfies Record<string, TSchema>

type Schemas = typeof schemas
export type LineType = keyof Schemas
type Values = { [T in LineType]: Static<Schemas[T]> }
export type ValueOf<T extends LineType> = Values[T]
export type AnyValue = Values[LineType]

interface Validator<T> {
  is: (value: unknown) => value is T
  problem: (value: unknown) => string
}

function validator<T extends TSchema>(schema: T): Validator<Static<T>> {
  const compiled = Compile(schema)
  return {
    is: (value): value is Static<T> => compiled.Check(value),
    problem(value) {
      const [first] = compiled.Errors(value)
      const field = first?.instancePath.slice(1).replaceAll('/', '.') ?? ''
      return `${field} ${first?.message ?? 'does not fit'}`.trim()
    },
  }
}

const validators = Object.fromEntries(
  Object.entries(schemas).map(([type, schema]) => [type, validator(schema)]),
)

/** The value as a line of its `type`, or what is wrong with it. */
export function checkShape(value: unknown): { value: AnyValue } | { problem: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: 'is not an object' }
  const given = Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null))
  const type: unknown = given['type']
  const known = typeof type === 'string' && Object.hasOwn(validators, type) ? validators[type] : undefined
  if (!known) return { problem: 'has no type that is known' }
  return known.is(given) ? { value: given } : { problem: known.problem(given) }
}
