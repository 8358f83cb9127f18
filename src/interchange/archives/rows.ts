import type { Readable } from 'node:stream'
import type { ItemKind } from '../../database/schema/items.ts'

/** The bytes of a picture or a film of an archive. */
export interface ArchiveMedia {
  fileName: string
  /** @throws ZipError; the file system's error. */
  open: () => Promise<Readable>
}

/** One thing that an archive tells of, in one shape for all services. */
export interface ArchiveRow {
  /** Where it stands, for people: `row 12`, `data/tweets.js row 3`. */
  place: string
  /** What the service knows it by and what never changes: its address, its number, the name of its file. */
  key: string
  /** What it becomes; `media` says so itself. */
  kind: Extract<ItemKind, 'page' | 'status'> | 'media'
  title: string
  description: string | null
  /** The address it is known by; null where an archive has none. */
  url: string | null
  /** As given; cleaned like those of uploads. */
  tags: readonly string[]
  isPrivate: boolean
  /** Null where the archive does not tell. */
  createdMs: number | null
  /** The service in the words of `include_backups`. */
  backupOf: string | null
  content: Record<string, unknown>
  /** What searches find besides title and description. */
  text: string
  media: ArchiveMedia | null
}

/** Something in an archive that cannot come in. */
export interface RefusedRow {
  place: string
  refused: string
}

export type ReadRow = ArchiveRow | RefusedRow

/** The archive cannot be read (any further); the message is one sentence. What came before stays. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
}
