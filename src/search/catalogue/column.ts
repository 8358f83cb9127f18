import { Bounds } from './bounds.ts'
import { ValueOrder } from './value-order.ts'

/** The kinds of array a column's values can be in, narrowest first; the last holds every number. */
const KINDS = ['int8', 'int16', 'int32', 'float64'] as const
export type ColumnKind = (typeof KINDS)[number]
export type Values = Int8Array | Int16Array | Int32Array | Float64Array

/**
 * One number of every item, in the narrowest array that holds them all. An item without the number holds the
 * smallest value of that array (for `float64`: not a number).
 */
export class Column {
  kind: ColumnKind = 'int8'
  values: Values = new Int8Array(0)
  /** How many items have a value. */
  count = 0
  /** {@link MISSING} of the kind: this is asked for every item of many searches. */
  #missing = MISSING.int8
  #order: ValueOrder | null = null
  #bounds: Bounds | null = null

  /** The value at a position; NaN if there is none. */
  at(position: number): number {
    const value = this.values[position] ?? Number.NaN
    return value === this.#missing ? Number.NaN : value
  }

  has(position: number): boolean {
    return !Number.isNaN(this.at(position))
  }

  /** @param given `undefined`, and what is no finite number, for none. */
  set(position: number, given: number | undefined): void {
    const value = given !== undefined && Number.isFinite(given) ? given + 0 : Number.NaN // -0 is 0
    const old = this.at(position)
    if (old === value || (Number.isNaN(old) && Number.isNaN(value))) return
    if (!Number.isNaN(old)) {
      this.#order?.delete(old, position)
      this.count -= 1
    }
    this.#store(position, value)
    if (!Number.isNaN(value)) {
      this.count += 1
      this.#order?.insert(value, position)
      this.#bounds?.include(position, value)
    }
  }

  /** All positions with a value, by value. Made when first asked for, kept current from then on. */
  order(): ValueOrder {
    this.#order ??= new ValueOrder(this)
    return this.#order
  }

  /** Between what the values of neighbouring positions lie. Made when first asked for, wide enough from then on. */
  bounds(): Bounds {
    this.#bounds ??= new Bounds(this)
    return this.#bounds
  }

  /** The order if it was asked for before. */
  madeOrder(): ValueOrder | null {
    return this.#order
  }

  /** Takes over an order made of these values before. */
  useOrder(sorted: Uint32Array): void {
    this.#order = new ValueOrder(this, sorted)
  }

  /** See `PostingSet.shift`. */
  shift(from: number, by: number): void {
    this.#order?.shift(from, by)
    this.#bounds = null
    if (from >= this.values.length) return
    const moved = columnArray(this.kind, this.values.length + by)
    moved.set(this.values.subarray(0, from))
    moved.set(this.values.subarray(from), from + by)
    moved.fill(MISSING[this.kind], from, from + by)
    this.values = moved
  }

  trim(positions: number): void {
    if (this.values.length > positions) this.values = this.values.slice(0, positions)
  }

  /** Takes values over as they are. */
  use(kind: ColumnKind, values: Values, count: number): void {
    this.#become(kind, values)
    this.count = count
    this.#order = null
    this.#bounds = null
  }

  #store(position: number, value: number): void {
    if (Number.isNaN(value)) {
      if (position < this.values.length) this.values[position] = MISSING[this.kind]
      return
    }
    const kind = KINDS.find((kind) => fits(kind, value)) ?? 'float64'
    if (KINDS.indexOf(kind) > KINDS.indexOf(this.kind)) this.#resize(kind, this.values.length)
    if (position >= this.values.length) {
      this.#resize(this.kind, Math.max(position + 1, Math.ceil(this.values.length * 1.25), 64))
    }
    this.values[position] = value
  }

  #resize(kind: ColumnKind, length: number): void {
    const old = this.values
    const missing = MISSING[this.kind]
    const values = columnArray(kind, length)
    if (kind === this.kind) {
      values.set(old)
    } else {
      for (let position = 0; position < old.length; position += 1) {
        const value = old[position] ?? missing
        values[position] = value === missing ? MISSING[kind] : value
      }
    }
    values.fill(MISSING[kind], old.length)
    this.#become(kind, values)
  }

  #become(kind: ColumnKind, values: Values): void {
    this.kind = kind
    this.values = values
    this.#missing = MISSING[kind]
  }
}

const MISSING: Record<ColumnKind, number> = {
  int8: -(2 ** 7),
  int16: -(2 ** 15),
  int32: -(2 ** 31),
  float64: Number.NaN,
}

function fits(kind: ColumnKind, value: number): boolean {
  return kind === 'float64' || (Number.isInteger(value) && Math.abs(value) < -MISSING[kind])
}

export function columnArray(kind: ColumnKind, length: number): Values {
  switch (kind) {
    case 'int8':
      return new Int8Array(length)
    case 'int16':
      return new Int16Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'float64':
      return new Float64Array(length)
  }
}
