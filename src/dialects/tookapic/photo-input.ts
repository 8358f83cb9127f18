import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { judgePicture, takePicture } from '../../faces/picture-input.ts'
import { Values } from '../../faces/values.ts'
import { onceOf } from '../../faces/write-once.ts'
import { findAccount, signedIn } from '../../library/accounts.ts'
import { todayOf } from '../../library/days.ts'
import { answerOnce, type Once, type StoredAnswer } from '../../library/idempotency.ts'
import { addItem, findInAnyState, type ItemChange, type NewItem } from '../../library/items.ts'
import { callOf, type Call } from './call.ts'
import { validationFailed } from './errors.ts'
import { showPhoto } from './showing.ts'

const LONGEST_PLACE = 255

/** What a photo says beside its picture. */
function readFields(values: Values) {
  const place = values.text('place')
  if (place && place.length > LONGEST_PLACE)
    values.refuse('place', `is too long (at most ${LONGEST_PLACE} characters)`)
  return {
    title: values.text('title'),
    description: values.text('description'),
    takenOn: values.text('taken_on'),
    tags: values.list('tags'),
    place,
  }
}

/** What an update says; what it does not say stays as it is, and null or an empty text empties. */
export function readPhotoChange(call: Call): ItemChange {
  const values = new Values(call.parameters)
  const { title, description, takenOn, tags, place } = readFields(values)
  values.finish()
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(takenOn === undefined ? {} : { takenOn: takenOn || null, oneADay: true }),
    ...(tags === undefined ? {} : { tags }),
    ...(place === undefined ? {} : { contentParts: { place: place?.trim() || null } }),
  }
}

/**
 * Adds the photo of a day, of today where it does not say which. Everything that can be judged is judged now; only the
 * sizes and the colours are made later. The same `Idempotency-Key` gets the same answer again.
 */
export async function createPhoto(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const call = callOf(request)
  const accountId = signedIn(call.viewer)
  const { media, fields } = await readNewPhoto(ctx, call)
  const owner = await findAccount(ctx.db, accountId)
  const photo: NewItem = {
    ownerId: accountId,
    kind: 'image',
    media,
    title: fields.title ?? null,
    description: fields.description ?? null,
    takenOn: fields.takenOn || todayOf(owner, ctx.clock()),
    oneADay: true,
    tags: fields.tags ?? [],
    content: fields.place?.trim() ? { place: fields.place } : {},
  }
  const { access_token: _token, image: _image, ...said } = call.parameters.values
  const once = onceOf(request, accountId, said, media.incoming.sha256)
  const { headers } = once === null ? await write(null)() : await answerOnce(ctx, once, write(once))
  const location = headers['location'] ?? ''
  const added = await findInAnyState(ctx, call.viewer, Number(/\d+$/.exec(location)?.[0]))
  return reply
    .code(201)
    .header('location', location)
    .send({ data: await showPhoto(ctx, request, added) })

  function write(key: Once | null) {
    return async (): Promise<StoredAnswer> => {
      const answer = (id: number): StoredAnswer => ({
        status: 201,
        headers: { location: `${call.base}/photos/${id}` },
        body: '',
      })
      const { id } = await addItem(
        ctx,
        call.viewer,
        photo,
        key === null ? {} : { idempotency: { ...key, answer } },
      )
      return answer(id)
    }
  }
}

/** @throws Refusal 422, LibraryError `invalid`. */
async function readNewPhoto(ctx: Context, call: Call) {
  const values = new Values(call.parameters)
  const fields = readFields(values)
  const maxBytes = ctx.config.VITRINE_UPLOAD_MAX_BYTES
  const brought = { files: call.files, values: call.parameters.values }
  const picture = await takePicture(ctx.blobs, brought, 'image', maxBytes)
  const facts = picture && (await judgePicture(picture, values, { name: 'image', maxBytes }))
  if (picture === null)
    values.refuse('image', values.text('image') ? 'must be a file or a data URL' : "can't be blank")
  values.finish()
  if (picture === null || facts === null) throw validationFailed(values.problems)
  return { media: { ...picture, facts }, fields }
}
