import { partsOf, storedParts } from '../../../faces/stored-json.ts'
import type { ItemRow } from '../../../library/rows.ts'

type Camera = Record<string, unknown>

/** What the camera wrote about a picture; nothing when it wrote nothing. */
export const readCamera = ({ content }: Pick<ItemRow, 'content'>): Camera =>
  partsOf(storedParts(content)['camera'])

/** The camera's name: the maker stands before the model unless the model begins with it already. */
export function presentCamera(camera: Camera): string | null {
  const [make, model] = [text(camera, 'make'), text(camera, 'model')]
  if (make === null || model === null) return model ?? make
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`
}

/** All of it (`include=exif`): seconds, millimetres, and the camera's own clock, which knows no time zone. */
export function presentExif(camera: Camera) {
  return {
    make: text(camera, 'make'),
    model: text(camera, 'model'),
    lens: text(camera, 'lens'),
    exposure_time: number(camera, 'exposureTime'),
    aperture: number(camera, 'fNumber'),
    iso: number(camera, 'iso'),
    focal_length: number(camera, 'focalLength'),
    taken_at: text(camera, 'takenAt'),
  }
}

function text(camera: Camera, name: string): string | null {
  const value = camera[name]
  return typeof value === 'string' ? value : null
}

function number(camera: Camera, name: string): number | null {
  const value = camera[name]
  return typeof value === 'number' ? value : null
}
