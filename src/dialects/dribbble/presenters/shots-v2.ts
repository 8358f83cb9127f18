import { readableAddress, type MediaSigner } from '../../../faces/media-files.ts'
import { timestamp } from '../../../faces/timestamps.ts'
import type { LoadedItem } from '../../../library/loaded-items.ts'
import type { AttachmentRow, CollectionRow, ItemRow } from '../../../library/rows.ts'
import { attachmentAddress, pictureAddress, shotPage } from '../addresses.ts'
import type { RenderText } from '../html.ts'
import { imagesOf, sidesOf } from './images.ts'
import { presentTeam } from './users-v2.ts'

/** What a presenter needs beside the thing itself. */
export interface Showing {
  base: string
  /** Signs the addresses of pictures that are not for everybody. */
  sign: MediaSigner
  /** Author's text to HTML. */
  html: RenderText
}

/** The shot object of "Get a shot" (API v2, Shots). Keys keep the order of the documented example. */
export function presentShot(loaded: LoadedItem, showing: Showing) {
  const { item, team } = loaded
  const { base, html } = showing
  return {
    id: item.id,
    title: item.title,
    description: html.paragraphs(item.description),
    ...sidesOf(loaded),
    images: imagesOf(loaded, showing),
    ...publication(item),
    updated_at: timestamp(item.updated_ms),
    html_url: shotPage(base, item),
    animated: isAnimated(loaded),
    tags: loaded.tags,
    attachments: loaded.attachments.map((attachment) => presentAttachment(attachment, item, showing)),
    projects: loaded.projects.map((project) => presentProject(project, showing)),
    // "Otherwise, the attribute will be omitted" (Get a shot, "Team" and "Video").
    ...(team === null ? {} : { team: presentTeam(team, showing) }),
    ...(item.kind === 'video' ? { video: presentVideo(item, showing) } : {}),
    low_profile: item.low_profile === 1,
  }
}

/** A shot still to be published carries `scheduled_for` in place of `published_at` (Get a shot, "Scheduling"). */
function publication({ published_ms: published, scheduled_ms: scheduled, created_ms: created }: ItemRow) {
  if (published === null && scheduled !== null) return { scheduled_for: timestamp(scheduled) }
  return { published_at: timestamp(published ?? created) }
}

/** Whether the best image of the shot moves. */
export function isAnimated({ renditions }: LoadedItem): boolean {
  return [...renditions.values()].some(({ animated }) => animated === 1)
}

export function presentAttachment(attachment: AttachmentRow, item: ItemRow, { base, sign }: Showing) {
  const address = (part: string) =>
    readableAddress(attachmentAddress(base, item, attachment, part), item, sign)
  return {
    id: attachment.id,
    url: address(''),
    // Only pictures have one (API v1, Attachments).
    ...(attachment.thumbnail_sha256 === null ? {} : { thumbnail_url: address('/thumbnail') }),
    size: attachment.size_bytes,
    content_type: attachment.mime_type,
    created_at: timestamp(attachment.created_ms),
  }
}

export function presentProject(project: CollectionRow, { html }: Pick<Showing, 'html'>) {
  return {
    id: project.id,
    name: project.title,
    description: html.inline(project.description),
    shots_count: project.items_count,
    created_at: timestamp(project.created_ms),
    updated_at: timestamp(project.updated_ms),
  }
}

/** The `video` object. Without previews of their own, the previews are the film itself. */
function presentVideo(item: ItemRow, { base, sign }: Showing) {
  const fileName = item.file_name ?? `video.${item.format ?? 'webm'}`
  const url = readableAddress(
    pictureAddress(base, item, fileName).replace('/screenshots/', '/videos/'),
    item,
    sign,
  )
  return {
    id: item.id,
    duration: Math.round(item.duration_seconds ?? 0),
    video_file_name: fileName,
    video_file_size: item.size_bytes,
    width: item.width,
    height: item.height,
    silent: item.silent === 1,
    created_at: timestamp(item.created_ms),
    updated_at: timestamp(item.updated_ms),
    url,
    small_preview_url: url,
    large_preview_url: url,
    xlarge_preview_url: url,
  }
}
