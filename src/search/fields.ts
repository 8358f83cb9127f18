/** How the value after a field's colon is read, and which questions may be asked of it. */
export type FieldType =
  | 'integer'
  | 'float'
  | 'id' // a whole number that is only ever compared for equality; an item may have several
  | 'date'
  | 'keyword' // exact text, wildcards and fuzzy terms; an item may have several
  | 'text' // prose, searched by phrase
  | 'boolean'
  | 'address' // an IP address or a CIDR block
  | 'mine' // the sets of the person searching
  | 'collection'
  | 'filter'

interface FieldFacts {
  type: FieldType
  /** For everybody else the field does not exist, so its text is an ordinary tag. */
  role: 'anyone' | 'moderator'
  /** Text searches ignore case; the values of this field keep theirs. */
  caseKept?: true
}

const anyone = <T extends FieldType>(type: T) => ({ type, role: 'anyone' }) as const
const moderator = <T extends FieldType>(type: T) => ({ type, role: 'moderator' }) as const

/**
 * Everything an item can be searched by, in our own words. A service's names for these are a {@link FieldTable}
 * in its own folder. Sizes are bytes, durations seconds.
 */
export const FIELDS = {
  id: anyone('integer'),
  width: anyone('integer'),
  height: anyone('integer'),
  pixels: anyone('integer'),
  size_bytes: anyone('integer'),
  original_size_bytes: anyone('integer'),
  score: anyone('integer'),
  upvotes: anyone('integer'),
  downvotes: anyone('integer'),
  faves: anyone('integer'),
  hides: anyone('integer'),
  comment_count: anyone('integer'),
  source_count: anyone('integer'),
  tag_count: anyone('integer'),
  error_tag_count: anyone('integer'),
  rating_tag_count: anyone('integer'),
  origin_tag_count: anyone('integer'),
  character_tag_count: anyone('integer'),
  oc_tag_count: anyone('integer'),
  species_tag_count: anyone('integer'),
  body_type_tag_count: anyone('integer'),
  content_fanmade_tag_count: anyone('integer'),
  content_official_tag_count: anyone('integer'),
  spoiler_tag_count: anyone('integer'),

  aspect_ratio: anyone('float'),
  wilson_score: anyone('float'),
  duration_seconds: anyone('float'),

  owner_id: anyone('id'), // unknown for an item shown without its owner's name
  faved_by_id: anyone('id'),
  duplicate_of_id: anyone('id'),
  true_owner_id: moderator('id'),
  upvoted_by_id: moderator('id'),
  downvoted_by_id: moderator('id'),
  hidden_by_id: moderator('id'),
  deleted_by_id: moderator('id'),

  created_at: anyone('date'),
  updated_at: anyone('date'),
  first_seen_at: anyone('date'),

  owner: anyone('keyword'), // unknown for an item shown without its owner's name
  faved_by: anyone('keyword'),
  source_url: anyone('keyword'),
  format: anyone('keyword'),
  mime_type: anyone('keyword'),
  file_name: { ...anyone('keyword'), caseKept: true },
  sha512: anyone('keyword'),
  original_sha512: anyone('keyword'),
  true_owner: moderator('keyword'),
  upvoted_by: moderator('keyword'),
  downvoted_by: moderator('keyword'),
  hidden_by: moderator('keyword'),
  deleted_by: moderator('keyword'),
  deletion_reason: moderator('keyword'),
  fingerprint: moderator('keyword'),

  description: anyone('text'),
  staff_note: moderator('text'),

  animated: anyone('boolean'),
  processed: anyone('boolean'),
  renditions_ready: anyone('boolean'),
  anonymous: moderator('boolean'),
  deleted: moderator('boolean'),
  low_profile: moderator('boolean'), // left out of lists of many people's items

  upload_address: moderator('address'),

  my: anyone('mine'),
  collection: anyone('collection'),
  filter: anyone('filter'),
} as const satisfies Record<string, FieldFacts>

export type FieldName = keyof typeof FIELDS

/** The names of all fields of these types. */
export type FieldsOf<T extends FieldType> = {
  [N in FieldName]: (typeof FIELDS)[N]['type'] extends T ? N : never
}[FieldName]

export type NumberField = FieldsOf<'integer' | 'float'>
export type IdField = FieldsOf<'id'>
export type DateField = FieldsOf<'date'>
export type KeywordField = FieldsOf<'keyword'>
export type TextField = FieldsOf<'text'>
export type BooleanField = FieldsOf<'boolean'>
export type AddressField = FieldsOf<'address'>

export function hasType<T extends FieldType>(name: FieldName, ...types: readonly T[]): name is FieldsOf<T> {
  return types.some((type) => FIELDS[name].type === type)
}

export function fieldFacts(name: FieldName): FieldFacts {
  return FIELDS[name]
}

/** What may follow `my:`. `watched` is for the library to replace by the person's watch list before executing. */
export const MY_SETS = ['faves', 'upvotes', 'downvotes', 'uploads', 'hidden', 'watched', 'subs'] as const
export type MySet = (typeof MY_SETS)[number]

/**
 * A service's names for our fields: lower-case name to field. Several names may mean one field; printing uses the
 * first. A name missing here is no field of that service, so `name:value` is a tag there.
 */
export type FieldTable = ReadonlyMap<string, FieldName>

/** What a listing can be ordered by, besides chance and the place in a collection. */
export const SORT_FIELDS = [
  'id',
  'created_at',
  'updated_at',
  'first_seen_at',
  'width',
  'height',
  'pixels',
  'size_bytes',
  'aspect_ratio',
  'duration_seconds',
  'score',
  'upvotes',
  'downvotes',
  'faves',
  'hides',
  'comment_count',
  'tag_count',
  'wilson_score',
  'relevance',
] as const
export type SortField = (typeof SORT_FIELDS)[number]

/**
 * A service's names for our orders: lower-case name to order. `random` may be followed by `:SEED`, `collection` must be
 * followed by `:ID`.
 */
export type SortTable = ReadonlyMap<string, SortField | 'random' | 'collection'>
