import type { Count, Id, JsonText, Ms, Sha256 } from './columns.ts'

/** Background work, inserted in the same transaction as what it is for. */
export interface JobTable {
  id: Id
  kind: string
  payload: JsonText
  /** Not before this time. */
  run_ms: Ms
  /** Claimed until this time; 0 when nobody works on it. */
  lease_ms: Count
  attempts: Count
  /** Set when the job was given up after its last attempt. */
  failed_ms: Ms | null
  error: string | null
  created_ms: Ms
}

/** One row per thing a write touched, in the transaction of the write. Searches and caches follow it. */
export interface ChangeTable {
  id: Id
  at_ms: Ms
  noun: string
  noun_id: number
  op: 'create' | 'change' | 'delete'
}

/** The answer to a write that named an idempotency key, kept for a day. */
export interface IdempotencyTable {
  account_id: number
  key: string
  /** SHA-256 over method, path and parameters: the same key with another request is refused. */
  fingerprint: Sha256
  status: number
  headers: JsonText
  body: string
  created_ms: Ms
}

/** A blob that lost its last reference and is to be removed after commit. */
export interface BlobGarbageTable {
  sha256: Sha256
  since_ms: Ms
}

/** What the installation remembers about itself. */
export interface SettingTable {
  name: string
  value: string
}
