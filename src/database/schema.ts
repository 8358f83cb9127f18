import type {
  AccountTable,
  BlockTable,
  FollowTable,
  MembershipTable,
  PastTimeZoneTable,
} from './schema/accounts.ts'
import type { AccountSettingTable, FilterTable, TagWatchTable } from './schema/boards.ts'
import type { InvitationTable, ItemTextTable } from './schema/collecting.ts'
import type {
  CollectionItemTable,
  CollectionTable,
  CommentLikeTable,
  CommentTable,
  ReactionTable,
  VacancyTable,
} from './schema/gathering.ts'
import type { SourceChangeTable, TagChangeTable } from './schema/histories.ts'
import type {
  ApiKeyTable,
  AppTable,
  AuthorizationCodeTable,
  DesktopRequestTable,
  GrantTable,
  SessionTable,
  TokenDigestTable,
  TokenTable,
} from './schema/identity.ts'
import type {
  CollaboratorTable,
  ImportedIdTable,
  TagAliasTable,
  TagImplicationTable,
  WatchTable,
} from './schema/interchange.ts'
import type {
  AttachmentTable,
  BlobTable,
  ItemTable,
  ItemTagTable,
  RenditionTable,
  TagTable,
} from './schema/items.ts'
import type {
  BlobGarbageTable,
  ChangeTable,
  IdempotencyTable,
  JobTable,
  SettingTable,
} from './schema/work.ts'

/** Every table, as Kysely sees it. One schema for both databases. */
export interface Schema {
  account: AccountTable
  membership: MembershipTable
  block: BlockTable
  follow: FollowTable
  past_time_zone: PastTimeZoneTable
  app: AppTable
  app_grant: GrantTable
  authorization_code: AuthorizationCodeTable
  desktop_request: DesktopRequestTable
  token: TokenTable
  token_digest: TokenDigestTable
  session: SessionTable
  api_key: ApiKeyTable
  blob: BlobTable
  blob_garbage: BlobGarbageTable
  item: ItemTable
  rendition: RenditionTable
  tag: TagTable
  item_tag: ItemTagTable
  attachment: AttachmentTable
  reaction: ReactionTable
  comment: CommentTable
  comment_like: CommentLikeTable
  collection: CollectionTable
  collection_item: CollectionItemTable
  vacancy: VacancyTable
  collaborator: CollaboratorTable
  watch: WatchTable
  invitation: InvitationTable
  item_text: ItemTextTable
  tag_change: TagChangeTable
  source_change: SourceChangeTable
  tag_alias: TagAliasTable
  tag_implication: TagImplicationTable
  imported_id: ImportedIdTable
  filter: FilterTable
  account_setting: AccountSettingTable
  tag_watch: TagWatchTable
  job: JobTable
  change: ChangeTable
  idempotency: IdempotencyTable
  setting: SettingTable
}
