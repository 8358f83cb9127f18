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

/**
 * Boxes that a whole picture is fitted into when somebody first asks for it that small (Derpibooru's image object,
 * `representations`). Uploads do not wait for them.
 *
 * An animation stays one in the larger boxes; the small ones, many of which stand on one page, are stills.
 */
const boxes = {
  'fit-50x50': { width: 50, height: 50, moves: false, family: 'boxes' },
  'fit-150x150': { width: 150, height: 150, moves: false, family: 'boxes' },
  'fit-250x250': { width: 250, height: 250, moves: false, family: 'boxes' },
  'fit-320x240': { width: 320, height: 240, moves: false, family: 'boxes' },
  'fit-800x600': { width: 800, height: 600, moves: true, family: 'boxes' },
  'fit-1280x1024': { width: 1280, height: 1024, moves: true, family: 'boxes' },
  'fit-1024x4096': { width: 1024, height: 4096, moves: true, family: 'boxes' },
  // Bounded in width alone (Gimme Bar's `stash` and `display`); the heights are those of strips.
  'fit-300x9000': { width: 300, height: 9000, moves: false, family: 'widths' },
  'fit-960x9600': { width: 960, height: 9600, moves: true, family: 'widths' },
} as const
export type BoxName = keyof typeof boxes

const boxNames: readonly BoxName[] = [
  'fit-1024x4096',
  'fit-1280x1024',
  'fit-800x600',
  'fit-320x240',
  'fit-250x250',
  'fit-150x150',
  'fit-50x50',
  'fit-960x9600',
  'fit-300x9000',
]

export const boxSize = (name: BoxName) => ({ width: boxes[name].width, height: boxes[name].height })

/**
 * What to make when a box is asked for: every still there is, of the same family, since one decoding serves
 * them all, or the one animation. Nothing where the picture can stand for itself, because it is not larger than the box and would move there.
 *
 * @param original Sides in pixels, after the orientation has been applied.
 */
export function fittedSpecs(original: Pictured, wanted: BoxName): RenditionSpec[] {
  const specs = boxNames
    .filter((name) => boxes[name].family === boxes[wanted].family && !standsForItself(original, name))
    .map((name) => ({
      name,
      ...boxSize(name),
      fit: 'inside' as const,
      animate: moves(original) && boxes[name].moves,
    }))
  const asked = specs.find(({ name }) => name === wanted)
  if (asked === undefined) return []
  return asked.animate ? [asked] : specs.filter(({ animate }) => !animate)
}

function standsForItself(original: Pictured, name: BoxName): boolean {
  const { width, height, moves: keepsMoving } = boxes[name]
  const fits = original.width <= width && original.height <= height
  return fits && (keepsMoving || !moves(original))
}
