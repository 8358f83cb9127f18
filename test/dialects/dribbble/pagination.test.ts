import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { startVitrine, type Vitrine } from '../../helpers/vitrine.ts'

/** Ada with so many followers. */
async function popular(vitrine: Vitrine, followers: number) {
  const ada = await vitrine.person('ada')
  for (let n = 1; n <= followers; n += 1) await (await vitrine.person(`fan${n}`)).put('/v1/users/ada/follow')
  return ada
}

describe('Pagination', () => {
  test('"paginated to 30 items by default", "a custom page size up to 100", "omitting the page parameter will return the first page"', async () => {
    await using vitrine = await startVitrine()
    const ada = await popular(vitrine, 31)
    const size = async (query: string) =>
      (await ada.get(`/v1/user/followers${query}`)).json<unknown[]>().length

    assert.equal(await size(''), 30)
    assert.equal(await size('?page=1'), 30)
    assert.equal(await size('?page=2'), 1)
    assert.equal(await size('?per_page=31'), 31)
    assert.equal(await size('?per_page=1000'), 31)
    for (const odd of ['per_page=0', 'per_page=-1', 'per_page=x', 'page=0', 'page=-3', 'page=x', 'page=1e3'])
      assert.equal(await size(`?${odd}`), 30, odd)
    assert.equal(await size('?page=99'), 0)
    assert.equal(await size('?page=99999999999999999999'), 30)
  })

  test('"The pagination info is included in the Link header": next, prev, first, last', async () => {
    await using vitrine = await startVitrine()
    const ada = await popular(vitrine, 5)
    const url = (query: string) => `${vitrine.base}/v1/user/followers?${query}`
    const linkOf = async (query: string) => (await ada.get(`/v1/user/followers?${query}`)).headers['link']

    assert.equal(
      await linkOf('page=2&per_page=2'),
      `<${url('page=3&per_page=2')}>; rel="next", <${url('page=1&per_page=2')}>; rel="prev", ` +
        `<${url('page=1&per_page=2')}>; rel="first", <${url('page=3&per_page=2')}>; rel="last"`,
    )
    assert.equal(
      await linkOf('per_page=4'),
      `<${url('per_page=4&page=2')}>; rel="next", <${url('per_page=4&page=2')}>; rel="last"`,
    )
    assert.equal(await linkOf('per_page=5'), undefined)
  })

  test('following `next` from the first page visits everybody once', async () => {
    await using vitrine = await startVitrine()
    const ada = await popular(vitrine, 7)
    const seen: string[] = []
    let next: string | undefined = '/v1/user/followers?per_page=3'
    while (next !== undefined) {
      const page = await ada.request({ method: 'GET', url: next })
      seen.push(...page.json<{ follower: { username: string } }[]>().map(({ follower }) => follower.username))
      next = /<([^>]+)>; rel="next"/.exec(String(page.headers['link'] ?? ''))?.[1]
    }
    assert.deepEqual(seen.toSorted(), ['fan1', 'fan2', 'fan3', 'fan4', 'fan5', 'fan6', 'fan7'])
  })

  test('links keep other parameters, drop the callback, and escape what naive scripts split on', async () => {
    await using vitrine = await startVitrine()
    const ada = await popular(vitrine, 2)
    const link = (await ada.get('/v1/user/followers?per_page=1&x=a,b;c&callback=show')).body
    assert.match(link, /per_page=1&x=a%2Cb%3Bc&page=2/)
    assert.ok(!/callback/.test(link.replace('/**/show(', '')))
  })

  test('single resources ignore page and per_page', async () => {
    await using vitrine = await startVitrine()
    const ada = await vitrine.person('ada')
    const answer = await ada.get('/v1/users/ada?page=9&per_page=100')
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['link'], undefined)
  })

  test('a slash at the end and double slashes are answered, never redirected', async () => {
    await using vitrine = await startVitrine()
    const ada = await popular(vitrine, 2)
    for (const path of ['/v1/user/followers/', '/v1//user/followers', '/v1/user//followers/?per_page=1']) {
      const answer = await ada.get(path)
      assert.equal(answer.statusCode, 200, path)
    }
    const link = (await ada.get('/v1//user/followers/?per_page=1')).headers['link']
    assert.match(String(link), /\/v1\/user\/followers\?per_page=1&page=2/)
  })
})
