import type { Camera } from './camera.ts'
import type { PictureFormat } from './facts.ts'
import type { Fit } from './geometry.ts'

/** A picture to derive: its name, the box it must fit or fill, and whether it moves if the original does. */
export type RenditionSpec = { name: string; width: number; height: number; fit: Fit; animate: boolean }

/** A derived picture, written to the output folder. */
export type Rendition = {
  name: string
  path: string
  /** Pixels. */
  width: number
  height: number
  format: PictureFormat
  mimeType: string
  sizeBytes: number
  animated: boolean
}

/** A colour of the picture; `share` of its visible pixels, 0 to 1. */
export type Colour = { hex: string; share: number }

/** Mean luma (0 to 255, Rec. 709, on white) of the quadrants. */
export type Intensities = { nw: number; ne: number; sw: number; se: number }

/** What can be told from the pixels of a picture besides its renditions. */
export type Analysis = {
  /** Up to 8, the most frequent first, shares adding up to 1; none if nothing of the picture is visible. */
  colours: Colour[]
  /** A thumbhash (about 25 bytes) in base64. */
  placeholder: string
  intensities: Intensities
  /** 64 bits in 16 hex digits; pictures that look alike differ in few of them (up to about 10). */
  perceptualHash: string
}

export type ProcessedPicture = Analysis & {
  /** In the order of the request. */
  renditions: Rendition[]
  /** What the camera wrote about itself; null if it wrote nothing. */
  camera: Camera | null
}
