import { default as exifr } from 'exifr'

const { parse } = exifr

/** What the camera wrote about itself and the exposure. */
export type Camera = {
  make: string | null
  model: string | null
  lens: string | null
  /** Seconds. */
  exposureTime: number | null
  fNumber: number | null
  iso: number | null
  /** Millimetres, as the lens has it. */
  focalLength: number | null
  /** The camera's own clock, `2026-03-04T10:11:12`: EXIF dates have no zone. */
  takenAt: string | null
}

const maxText = 100

const options = {
  ifd0: { pick: ['Make', 'Model'] },
  exif: { pick: ['LensModel', 'ExposureTime', 'FNumber', 'ISO', 'FocalLength', 'DateTimeOriginal'] },
  gps: false,
  interop: false,
  ifd1: false,
  reviveValues: false,
  translateValues: false,
}

/**
 * Reads the camera's data from an EXIF block, a TIFF structure.
 *
 * @returns null if there is none; a block that cannot be read says nothing.
 */
export async function readCamera(exif: Buffer): Promise<Camera | null> {
  let tags: unknown
  try {
    tags = await parse(exif, options)
  } catch {
    return null
  }
  if (typeof tags !== 'object' || tags === null) return null
  const found = new Map<string, unknown>(Object.entries(tags))
  const camera = {
    make: text(found.get('Make')),
    model: text(found.get('Model')),
    lens: text(found.get('LensModel')),
    exposureTime: positive(found.get('ExposureTime')),
    fNumber: positive(found.get('FNumber')),
    iso: positive(found.get('ISO')),
    focalLength: positive(found.get('FocalLength')),
    takenAt: localTime(found.get('DateTimeOriginal')),
  }
  return Object.values(camera).some((value) => value !== null) ? camera : null
}

function text(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const clean = value
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, maxText)
  return clean === '' ? null : clean
}

function positive(value: unknown): number | null {
  const first: unknown = Array.isArray(value) || ArrayBuffer.isView(value) ? Object.values(value)[0] : value
  return typeof first === 'number' && Number.isFinite(first) && first > 0 ? first : null
}

/** EXIF writes `2026:03:04 10:11:12`, and blanks or zeros for a clock that was never set. */
function localTime(value: unknown): string | null {
  const parts = typeof value === 'string' && /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(value)
  if (!parts) return null
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`
  const time = new Date(`${iso}Z`)
  return Number.isNaN(time.valueOf()) || !time.toISOString().startsWith(iso) ? null : iso
}
