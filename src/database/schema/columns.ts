import type { Generated } from 'kysely'

/** A row number given by the database. */
export type Id = Generated<number>
/** Milliseconds since 1970-01-01 UTC. */
export type Ms = number
/** A yes or no, stored as a number in both databases. */
export type Flag = 0 | 1
/** A flag with a default of 0 in the table. */
export type DefaultFlag = Generated<Flag>
/** A counter that starts at 0. It is stored for speed; `vitrine check` recomputes it. */
export type Count = Generated<number>
/** JSON kept as text in both databases, so that both give back the bytes that went in. */
export type JsonText = string
/** SHA-256 in 64 lower-case hex digits: the address of a blob, or the stored form of a secret. */
export type Sha256 = string
