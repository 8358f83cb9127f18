import type { FilterRow } from '../../../library/filters.ts'

export function presentFilter(filter: FilterRow) {
  return {
    id: filter.id,
    name: filter.name,
    description: filter.description,
    hidden_tag_ids: filter.hidden_tag_ids,
    spoilered_tag_ids: filter.spoilered_tag_ids,
    spoilered_tags: filter.spoilered_tags,
    hidden_tags: filter.hidden_tags,
    hidden_complex: filter.hidden_complex,
    spoilered_complex: filter.spoilered_complex,
    public: filter.public,
    system: filter.system,
    user_count: filter.user_count,
    user_id: filter.owner_id,
  }
}
