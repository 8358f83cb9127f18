import type { LoadedTag, TagRow } from '../../../library/tag-lists.ts'

/** Tags have no pictures of their own here, so `spoiler_image_uri` is always null. */
export function presentTag({ tag, slug, category, namespace, nameInNamespace, aliasOf, implies }: LoadedTag) {
  return {
    id: tag.id,
    name: tag.name,
    slug,
    description: tag.description ?? '',
    short_description: tag.short_description ?? '',
    images: tag.items_count,
    spoiler_image_uri: null,
    aliased_to: aliasOf?.name ?? null,
    aliased_to_id: aliasOf?.id ?? null,
    namespace,
    name_in_namespace: nameInNamespace,
    implied_tags: implies.map(({ name }) => name),
    implied_tag_ids: implies.map(({ id }) => id),
    category,
  }
}

/** What a person picks from while typing. */
export function presentSuggestion({ name, items_count }: TagRow) {
  return { label: `${name} (${items_count})`, value: name }
}
