/** Pixels. */
export type Size = { width: number; height: number }

/**
 * `inside`: the whole picture, not larger than the box. `cover`: a centred crop that fills the box, or has its
 * shape where the picture is smaller.
 */
export type Fit = 'cover' | 'inside'

/** How a rendition is cut from its original. */
export type Placement = Size & {
  /** The part of the original that is shown, in its pixels; not whole numbers. */
  crop: Size & { left: number; top: number }
  /** Rendition pixels per pixel of the original, at most 1. */
  scale: number
}

/**
 * The size a rendition takes and the part of the picture that it shows. Never enlarges.
 *
 * @param picture Sides after the EXIF orientation has been applied.
 * @returns Whole pixels, each side at least 1: 401x300 inside 200x150 is 200x150; 300x200 covering 400x300 is 267x200.
 */
export function placeRendition(picture: Size, box: Size & { fit: Fit }): Placement {
  const shape = box.fit === 'cover' ? box : picture
  const whole = Math.min(picture.width / shape.width, picture.height / shape.height)
  const crop = { width: shape.width * whole, height: shape.height * whole }
  const scale = Math.min(1, box.width / crop.width, box.height / crop.height)
  return {
    width: Math.max(1, Math.round(crop.width * scale)),
    height: Math.max(1, Math.round(crop.height * scale)),
    crop: { ...crop, left: (picture.width - crop.width) / 2, top: (picture.height - crop.height) / 2 },
    scale,
  }
}

/** The size of the whole picture when it is scaled, in whole pixels. */
export function scaleWhole(picture: Size, scale: number): Size {
  return {
    width: Math.max(1, Math.round(picture.width * scale)),
    height: Math.max(1, Math.round(picture.height * scale)),
  }
}

/** The crop of a placement in the pixels of the picture at another scale: whole, not empty, within its sides. */
export function cropAt({ crop, ...placement }: Placement, picture: Size, whole: Size) {
  const [across, down] = [whole.width / picture.width, whole.height / picture.height]
  // Where nothing is left to resize, the crop is the rendition to the pixel.
  const near = (cut: number, wanted: number) => (Math.abs(cut - wanted) < 1 ? wanted : Math.round(cut))
  const width = Math.min(whole.width, Math.max(1, near(crop.width * across, placement.width)))
  const height = Math.min(whole.height, Math.max(1, near(crop.height * down, placement.height)))
  return {
    width,
    height,
    left: Math.max(0, Math.min(whole.width - width, Math.round(crop.left * across))),
    top: Math.max(0, Math.min(whole.height - height, Math.round(crop.top * down))),
  }
}
