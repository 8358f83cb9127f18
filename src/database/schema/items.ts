import type { Generated } from 'kysely'
import type { Count, DefaultFlag, Flag, Id, JsonText, Ms, Sha256 } from './columns.ts'

/** Immutable bytes in the blob store, named by their SHA-256. A row never points at missing bytes. */
export interface BlobTable {
  sha256: Sha256
  sha512: string
  md5: string
  size_bytes: number
  created_ms: Ms
}

export type ItemKind =
  | 'image'
  | 'video'
  | 'audio'
  | 'document'
  | 'page'
  | 'article'
  | 'recipe'
  | 'text'
  | 'embed'
  | 'status'

export type Visibility = 'public' | 'private' | 'removed' | 'merged'

/** One thing in the library. */
export interface ItemTable {
  id: Id
  /** 24 random hex digits: the id in URLs that must not be guessed. */
  uid: string
  kind: ItemKind
  owner_id: number
  team_id: number | null
  anonymous: DefaultFlag
  title: string | null
  /** As the author wrote it; faces render and clean it on the way out. */
  description: string | null
  source_url: string | null
  /** The original; null for an item without media. */
  blob_sha256: Sha256 | null
  file_name: string | null
  mime_type: string | null
  /** `jpeg`, `png`, `gif`, `webp`, `avif`, `webm` … */
  format: string | null
  /** Pixels, after the EXIF orientation has been applied. */
  width: number | null
  height: number | null
  frames: number | null
  duration_seconds: number | null
  silent: Flag | null
  size_bytes: number | null
  /** Of an original that is not at hand, as its archive states it; the hash of one at hand is its blob's. */
  sha512: string | null
  /** Of the file as it was first uploaded, where an archive knows it. */
  orig_sha512: string | null
  /**
   * What copies are known by, where it is not the hash of the original: MD5 and length of the address or the text that
   * the item was made of.
   */
  media_hash: string | null
  /** `processing` items exist for nobody yet; `failed` ones never will. */
  state: 'processing' | 'ready' | 'failed'
  failure: string | null
  visibility: Generated<Visibility>
  merged_into: number | null
  removal_reason: string | null
  low_profile: DefaultFlag
  rebound_of: number | null
  /** Set while the item waits for its time; null once it is published. */
  scheduled_ms: Ms | null
  /** Null until the item is published. */
  published_ms: Ms | null
  created_ms: Ms
  updated_ms: Ms
  first_seen_ms: Ms
  /** Calendar day `YYYY-MM-DD` the picture was taken on. */
  taken_on: string | null
  backup_of: string | null
  /** What only some kinds have (text, url, embed, camera …). */
  content: Generated<JsonText>
  /** `[{ hex, share }]`, most used first. */
  colours: JsonText | null
  /** ThumbHash in base64. */
  placeholder: string | null
  /** 64-bit perceptual hash, 16 hex digits. */
  perceptual_hash: string | null
  /** `{ nw, ne, sw, se }`: mean luma of the quadrants. */
  intensities: JsonText | null
  faves_count: Count
  upvotes_count: Count
  downvotes_count: Count
  comments_count: Count
  views_count: Count
  rebounds_count: Count
  attachments_count: Count
  /**
   * What an archive's counts exceed the rows by (interchange format, `counts`), or null: `{ faves?, upvotes?,
   * downvotes?, comments? }`, each what the stored count is more (or, below zero, less) than its rows.
   */
  stated_counts: JsonText | null
}

/** A derived picture, re-makeable at any time. */
export interface RenditionTable {
  item_id: number
  /** What it was made for, in the words of `library/renditions.ts`: `crop-800x600` … */
  name: string
  blob_sha256: Sha256
  width: number
  height: number
  format: string
  mime_type: string
  animated: Flag
}

export interface TagTable {
  id: Id
  name: string
  /** Set by hand; null for what the name says (`search/tag-categories.ts`). */
  category: string | null
  description: string | null
  short_description: string | null
  /** Items that carry it, whatever their visibility. */
  items_count: Count
  created_ms: Ms
}

export interface ItemTagTable {
  item_id: number
  tag_id: number
}

export interface AttachmentTable {
  id: Id
  item_id: number
  blob_sha256: Sha256
  file_name: string
  mime_type: string
  size_bytes: number
  thumbnail_sha256: Sha256 | null
  thumbnail_mime_type: string | null
  state: 'processing' | 'ready' | 'failed'
  views_count: Count
  created_ms: Ms
}
