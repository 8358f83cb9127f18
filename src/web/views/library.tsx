import type { Session } from '../../identity/sessions.ts'
import type { LoadedItem } from '../../library/items.ts'
import type { AccountRow } from '../../library/rows.ts'
import { Layout } from './layout.tsx'

/** Sizes a page shows, the largest first. */
export const SHOWN_SIZES = ['crop-800x600', 'crop-400x300', 'crop-200x150'] as const

const titleOf = ({ item }: LoadedItem) => item.title ?? 'Untitled'

/** One item: its picture, what its owner says of it, its tags. */
export function ItemPage({ visitor, loaded }: { visitor: Session | null; loaded: LoadedItem }) {
  const { item, owner, team, renditions, tags } = loaded
  const size = SHOWN_SIZES.find((name) => renditions.has(name)) ?? 'crop-400x300'
  return (
    <Layout title={titleOf(loaded)} visitor={visitor}>
      <img class="picture" src={`/pictures/${item.id}/${size}`} alt={titleOf(loaded)} />
      <p>
        by <Person account={owner} />
        {team !== null && (
          <>
            {' '}
            for <Person account={team} />
          </>
        )}
        <Published item={item} />
      </p>
      {item.description !== null && <p class="said">{item.description}</p>}
      {tags.length > 0 && (
        <ul class="tags" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag}>{tag}</li>
          ))}
        </ul>
      )}
    </Layout>
  )
}

function Published({ item }: Pick<LoadedItem, 'item'>) {
  if (item.published_ms === null) return <>, not published yet</>
  const day = new Date(item.published_ms).toISOString().slice(0, 10)
  return (
    <>
      , <time dateTime={day}>{day}</time>
    </>
  )
}

const Person = ({ account }: { account: AccountRow }) => (
  <a href={`/people/${encodeURIComponent(account.login)}`}>{account.name}</a>
)

interface PersonPageProps {
  visitor: Session | null
  account: AccountRow
  items: readonly LoadedItem[]
  page: number
  pages: number
}

/** An account: who they are and their newest pictures. */
export function PersonPage({ visitor, account, items, page, pages }: PersonPageProps) {
  return (
    <Layout title={account.name} visitor={visitor}>
      {account.location !== null && <p>{account.location}</p>}
      {account.bio !== null && <p class="said">{account.bio}</p>}
      {items.length === 0 ? (
        <p>Nothing to see here yet.</p>
      ) : (
        <ul class="grid">
          {items.map((loaded) => (
            <li key={loaded.item.id}>
              <a href={`/items/${loaded.item.id}`}>
                <img
                  src={`/pictures/${loaded.item.id}/crop-200x150`}
                  alt={titleOf(loaded)}
                  loading="lazy"
                  width="200"
                  height="150"
                />
              </a>
            </li>
          ))}
        </ul>
      )}
      <nav aria-label="Pages">
        {page > 1 && <a href={`?page=${page - 1}`}>Newer</a>}{' '}
        {page < pages && <a href={`?page=${page + 1}`}>Older</a>}
      </nav>
    </Layout>
  )
}
