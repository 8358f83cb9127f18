import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../config.ts'
import type { Context } from '../../context.ts'
import { judgePicture, takePicture, type ArrivedPicture } from '../../faces/picture-input.ts'
import { Values } from '../../faces/values.ts'
import { onceOf } from '../../faces/write-once.ts'
import { answerOnce, type Once, type StoredAnswer } from '../../library/idempotency.ts'
import type { ItemChange } from '../../library/items.ts'
import { addItem } from '../../library/items.ts'
import { cleanTagNames } from '../../library/tags.ts'
import type { PictureFacts } from '../../media/facts.ts'
import { IMAGE_BYTES } from './body.ts'
import { callOf, type Call } from './call.ts'
import { locatedAt } from './created.ts'
import { BAD_CREDENTIALS, validationFailed } from './errors.ts'

/** "Limited to a maximum of 12 tags." */
const MOST_TAGS = 12
const LONGEST_TITLE = 255

/** What "Create a shot" takes, beside the picture. Empty parts of a form mean "not given". */
function readShot(call: Call) {
  const values = new Values(call.parameters)
  const title = values.text('title')
  const shot = {
    title: checkTitle(values, title),
    description: values.text('description') || null,
    lowProfile: values.flag('low_profile') ?? false,
    reboundOf: values.id('rebound_source_id') ?? null,
    scheduledAt: values.time('scheduled_for') ?? null,
    tags: checkTags(values, values.list('tags')) ?? [],
    teamId: values.id('team_id') ?? null,
  }
  if (title === undefined || title === null || title.trim() === '') values.refuse('title', "can't be blank")
  return { values, shot }
}

/** What "Update a shot" takes; what is not said stays as it is. "Any empty value" of `team_id` removes the team. */
export function readShotChange(call: Call): ItemChange {
  const values = new Values(call.parameters)
  const title = values.text('title')
  if (title === null || title?.trim() === '') values.refuse('title', "can't be blank")
  const change: ItemChange = {}
  assign(change, 'title', checkTitle(values, title) ?? undefined)
  assign(change, 'description', blankIsNull(values.text('description')))
  assign(change, 'lowProfile', values.flag('low_profile'))
  assign(change, 'scheduledAt', values.time('scheduled_for') ?? undefined)
  assign(change, 'tags', checkTags(values, values.list('tags')))
  assign(change, 'teamId', values.id('team_id'))
  values.finish()
  return change
}

function assign<K extends keyof ItemChange>(
  change: ItemChange,
  name: K,
  value: ItemChange[K] | undefined,
): void {
  if (value !== undefined) change[name] = value
}

const blankIsNull = (text: string | null | undefined) => (text === '' ? null : text)

function checkTitle(values: Values, title: string | null | undefined): string | null {
  if (title && title.length > LONGEST_TITLE)
    values.refuse('title', `is too long (at most ${LONGEST_TITLE} characters)`)
  return title ?? null
}

/** Counted as they will be stored: trimmed, in lower case, each once. */
function checkTags(values: Values, tags: string[] | undefined): string[] | undefined {
  if (tags === undefined) return undefined
  const clean = cleanTagNames(tags)
  if (clean.length > MOST_TAGS) values.refuse('tags', `are limited to a maximum of ${MOST_TAGS}`)
  return clean
}

/**
 * "Create a shot": everything that can be judged is judged now, so that a refusal can be said; only the sizes are
 * made later. Answers 202 with the shot's address and no body. The same `Idempotency-Key` gets the same answer again.
 */
export async function createShot(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const call = callOf(request)
  const { accountId } = call.viewer
  if (accountId === null) throw BAD_CREDENTIALS
  const brought = { files: call.files, values: call.parameters.values }
  const picture = await takePicture(ctx.blobs, brought, pictureField(call), IMAGE_BYTES)
  const { values, shot } = readShot(call)
  const facts = picture && (await judgeShot(ctx.config, picture, values))
  if (picture === null) values.refuse('image', "can't be blank")
  values.finish()
  if (picture === null || facts === null)
    throw validationFailed([{ field: 'image', problem: "can't be blank" }])

  const write = (once: Once | null) => async (): Promise<StoredAnswer> => {
    const answer = (id: number): StoredAnswer => ({
      status: 202,
      headers: { location: `${call.base}/${call.version}/shots/${id}` },
      body: '',
    })
    const media = { incoming: picture.incoming, facts, fileName: picture.fileName }
    const options = once === null ? {} : { idempotency: { ...once, answer } }
    const { id } = await addItem(
      ctx,
      call.viewer,
      { ownerId: accountId, kind: 'image', media, ...shot },
      options,
    )
    return answer(id)
  }
  const { access_token: _token, image: _image, image_data: _data, ...said } = brought.values
  const once = onceOf(request, accountId, said, picture.incoming.sha256)
  const { status, headers } = once === null ? await write(null)() : await answerOnce(ctx, once, write(once))
  return locatedAt(reply, headers['location'] ?? '')
    .code(status)
    .send()
}

const PICTURE_FIELDS = ['image', 'image_data']

/** The field of a call's picture: a file part's, or else that of a data URL. Some clients call it `image_data`. */
function pictureField({ files, parameters: { values } }: Call): string {
  const part = files.find(({ field }) => PICTURE_FIELDS.includes(field))
  return part?.field ?? PICTURE_FIELDS.find((name) => isDataUrl(values[name])) ?? 'image'
}

const isDataUrl = (value: unknown) => typeof value === 'string' && value.startsWith('data:')

/** "It must be exactly 400x300 or 800x600, no larger than eight megabytes, and be a GIF, JPG, or PNG." */
async function judgeShot(
  { VITRINE_DRIBBBLE_DIMENSIONS: rule }: Config,
  picture: ArrivedPicture,
  values: Values,
): Promise<PictureFacts | null> {
  const facts = await judgePicture(picture, values, { name: 'image', maxBytes: IMAGE_BYTES })
  if (facts === null) return null
  if (!['gif', 'jpeg', 'png'].includes(facts.format)) values.refuse('image', 'must be a GIF, JPG, or PNG')
  const problem = dimensionProblem(rule, facts)
  if (problem !== null) values.refuse('image', problem)
  return facts
}

/** The rule is a setting: the service's own tools let any 4:3 from 400x300 to 1600x1200 pass. */
function dimensionProblem(rule: 'strict' | 'ratio' | 'any', { width, height }: PictureFacts): string | null {
  if (rule === 'any') return null
  const exact = (width === 400 && height === 300) || (width === 800 && height === 600)
  if (rule === 'strict') return exact ? null : 'must be exactly 400x300 or 800x600'
  const fits = width * 3 === height * 4 && width >= 400 && width <= 1600
  return fits ? null : 'must be 4:3, from 400x300 to 1600x1200'
}
