/** A derived picture to make; the shape that `media` takes. */
export interface RenditionSpec {
  name: string
  width: number
  height: number
  /** `cover` fills the box and crops what stands over; `inside` keeps the whole picture and never enlarges it. */
  fit: 'cover' | 'inside'
  animate: boolean
}

interface Pictured {
  width: number
  height: number
  frames: number
}

interface Row extends Omit<RenditionSpec, 'animate'> {
  /** Whether it is made at all for this original. */
  when: (original: Pictured) => boolean
  /** Whether an animation stays one. */
  animate: (original: Pictured) => boolean
}

const covers = ({ width, height }: Pictured) => width >= 800 && height >= 600
const moves = ({ frames }: Pictured) => frames > 1

/**
 * Every derived picture of an item, the larger ones first.
 *
 * The three crops come from API v2, Shots ("Images"): the 800x600 one only where the original has the pixels, and an
 * animation only in the largest there is.
 */
const table: readonly Row[] = [
  {
    name: 'crop-800x600',
    width: 800,
    height: 600,
    fit: 'cover',
    when: covers,
    animate: (original) => moves(original),
  },
  {
    name: 'crop-400x300',
    width: 400,
    height: 300,
    fit: 'cover',
    when: () => true,
    animate: (original) => moves(original) && !covers(original),
  },
  {
    name: 'crop-200x150',
    width: 200,
    height: 150,
    fit: 'cover',
    when: () => true,
    animate: () => false,
  },
]

/** The original without the place it was taken at; there is one only when there was a place to take out. */
export const publicOriginal = 'public-original'

/** What to make of one original. Sides in pixels, after the orientation has been applied. */
export function specsFor(original: Pictured): RenditionSpec[] {
  return table
    .filter(({ when }) => when(original))
    .map(({ name, width, height, fit, animate }) => ({
      name,
      width,
      height,
      fit,
      animate: animate(original),
    }))
}

/** The small picture that stands for an attached picture. */
export const attachmentThumbnail: RenditionSpec = {
  name: 'thumbnail',
  width: 400,
  height: 300,
  fit: 'inside',
  animate: false,
}
