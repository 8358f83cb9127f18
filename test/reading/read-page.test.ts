import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readPage } from '../../src/reading/read-page.ts'

const url = 'https://kitchen.test/soups/leek'
const read = (html: string, charset: string | null = null) => readPage(Buffer.from(html), charset, url)
const page = (head: string, body = '') =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`
const jsonLd = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`

const sentence =
  'The harbour lay quiet under a low sky, and the boats came in one after the other, heavy with herring. '
const longText = `<article><h1>Quiet harbours</h1>${`<p>${sentence.repeat(4)}</p>`.repeat(6)}</article>`

const soup = {
  '@type': ['Thing', 'Recipe'],
  name: 'Leek soup',
  image: [{ '@type': 'ImageObject', url: '/leek.jpg' }],
  recipeIngredient: ['2 leeks', ' 1 l  water '],
  recipeInstructions: [
    { '@type': 'HowToSection', itemListElement: [{ '@type': 'HowToStep', text: 'Cut.' }, { text: 'Boil.' }] },
    'Serve.',
  ],
  recipeYield: ['4', '4 bowls'],
  prepTime: 'PT10M',
  totalTime: 'PT40M',
  recipeCategory: ['Soup', 'Starter'],
  author: { '@type': 'Person', name: 'Ada' },
  datePublished: '2026-01-02',
}
const soupFacts = {
  name: 'Leek soup',
  url,
  image: 'https://kitchen.test/leek.jpg',
  description: null,
  ingredients: '2 leeks\n1 l water',
  recipeInstructions: 'Cut.\nBoil.\nServe.',
  recipeYield: '4 bowls',
  prepTime: 'PT10M',
  cookTime: null,
  totalTime: 'PT40M',
  recipeCategory: 'Soup, Starter',
  recipeCuisine: null,
  datePublished: '2026-01-02',
  creator: 'Ada',
}

describe('the head of a page', () => {
  test('says title, description, picture, feed and oEmbed', async () => {
    const facts = await read(
      page(`<title> The\n soup </title><base href="https://kitchen.test/base/"><meta property="og:title" content="Soup &amp; more">
        <meta name="description" content="About soup"><meta property="og:image" content="pot.png">
        <meta property="og:site_name" content="Kitchen"><link rel="canonical" href="/soup">
        <link rel="alternate" type="application/atom+xml" href="/feed"><meta name="author" content="Ada">
        <link rel="alternate" type="application/json+oembed" href="/oembed?x=1&amp;y=2">`),
    )
    const { article: _article, recipe: _recipe, text: _text, ...head } = facts
    assert.deepEqual(head, {
      kind: 'page',
      title: 'Soup & more',
      description: 'About soup',
      siteName: 'Kitchen',
      author: 'Ada',
      image: 'https://kitchen.test/base/pot.png',
      canonicalUrl: 'https://kitchen.test/soup',
      feedUrl: 'https://kitchen.test/feed',
      oembedUrl: 'https://kitchen.test/oembed?x=1&y=2',
    })
  })

  test('leaves out addresses that are not of the web', async () => {
    const { image, canonicalUrl, oembedUrl } = await read(
      page(`<meta property="og:image" content="data:image/png;base64,x"><link rel="canonical" href="javascript:x">
        <link type="application/json+oembed" href="file:///etc/passwd">`),
    )
    assert.deepEqual([image, canonicalUrl, oembedUrl], [null, null, null])
  })
})

describe('recipes', () => {
  for (const [name, data] of [
    ['by itself', soup],
    ['in a list', [{ '@type': 'WebSite' }, soup]],
    ['in @graph', { '@context': 'https://schema.org', '@graph': [{ '@type': 'Person', name: 'x' }, soup] }],
    ['as mainEntity', { '@type': 'WebPage', mainEntity: soup }],
    ['with whole type names', { ...soup, '@type': 'https://schema.org/Recipe' }],
  ] as const)
    test(`JSON-LD ${name}`, async () => {
      const facts = await read(page(jsonLd(data)))
      assert.equal(facts.kind, 'recipe')
      assert.deepEqual(facts.recipe, soupFacts)
    })

  test('microdata, with things inside', async () => {
    const { recipe } = await read(
      page(
        '',
        `<div itemscope itemtype="http://schema.org/Recipe"><h1 itemprop="name">Leek soup</h1>
          <img itemprop="image" src="/leek.jpg"><meta itemprop="prepTime" content="PT10M">
          <span itemprop="author" itemscope itemtype="http://schema.org/Person"><b itemprop="name">Ada</b></span>
          <time itemprop="totalTime" datetime="PT40M">40 min</time><time itemprop="datePublished" datetime="2026-01-02">x</time>
          <li itemprop="recipeIngredient">2 leeks</li><li itemprop="ingredients">1 l water</li>
          <p itemprop="recipeInstructions">Cut.</p><p itemprop="recipeInstructions">Boil.</p>
          <p itemprop="recipeInstructions">Serve.</p><i itemprop="recipeYield">4 bowls</i>
          <i itemprop="recipeCategory">Soup</i><i itemprop="recipeCategory">Starter</i></div>`,
      ),
    )
    assert.deepEqual(recipe, soupFacts)
  })

  test('hRecipe', async () => {
    const { kind, recipe } = await read(
      page(
        '',
        `<div class="hrecipe"><h1 class="fn">Leek soup</h1><ul><li class="ingredient">2 leeks</li>
          <li class="ingredient">1 l water</li></ul><span class="duration">40 min <span class="value-title" title="PT40M">
          </span></span><span class="author">Ada</span></div>`,
      ),
    )
    assert.equal(kind, 'recipe')
    assert.deepEqual(
      { ...recipe },
      {
        ...soupFacts,
        image: null,
        recipeInstructions: null,
        recipeYield: null,
        prepTime: null,
        recipeCategory: null,
        datePublished: null,
      },
    )
  })

  test('not without ingredients, without a name, or in broken JSON', async () => {
    const { recipeIngredient: _none, ...without } = soup
    for (const head of [
      jsonLd(without),
      jsonLd({ ...soup, name: ' ' }),
      '<script type="application/ld+json">{"@type":"Recipe",</script>',
    ])
      assert.equal((await read(page(head))).kind, 'page')
  })
})

describe('articles', () => {
  test('call themselves so and are long enough', async () => {
    for (const head of [
      '<meta property="og:type" content="article">',
      jsonLd({ '@type': 'BlogPosting', headline: 'Quiet harbours', author: [{ name: 'Ada' }] }),
    ]) {
      const { kind, article, text } = await read(page(head, longText))
      assert.equal(kind, 'article')
      assert.match(article?.text ?? '', /^Quiet harbours\nThe harbour lay quiet/)
      assert.equal(article?.text, text)
    }
    assert.equal(
      (await read(page(jsonLd({ '@type': 'Article', author: { name: 'Ada' } }), longText))).article?.byline,
      'Ada',
    )
  })

  test('not when short, and not when they only look like it', async () => {
    assert.equal((await read(page('', longText))).kind, 'page')
    const short = `<article><p>${sentence.repeat(6)}</p></article>`
    assert.equal((await read(page('<meta property="og:type" content="article">', short))).kind, 'page')
  })

  test('come clean', async () => {
    const dirty = `<article><h1>x</h1><p onclick="alert(1)">${sentence.repeat(3)}<a href="/more" onmouseover="x">more</a>
      <a href="javascript:alert(1)">bad</a></p><p>${sentence.repeat(12)}<img src="/boat.jpg" onerror="x"><img src="data:x">
      <script>alert(1)</script><style>p{}</style><svg onload="x"></svg><iframe src="https://evil.test/"></iframe>
      <form action="/x"><input></form></p></article>`
    const html = (await read(page('', dirty))).article?.html ?? ''
    assert.match(html, /<a href="https:\/\/kitchen\.test\/more" rel="nofollow ugc noopener">more<\/a>/)
    assert.match(html, /<img src="https:\/\/kitchen\.test\/boat\.jpg" \/>/)
    assert.doesNotMatch(html, /script|style|alert|onerror|onclick|iframe|form|svg|data:/)
  })
})

describe('text and bytes', () => {
  test('a page without anything readable gives its plain text', async () => {
    const facts = await read(
      page('<title>x</title>', '<nav>Home</nav><script>var a</script><p>Short words.</p>'),
    )
    assert.match(facts.text, /Short words\./)
    assert.doesNotMatch(facts.text, /var a/)
  })

  test('characters: as the server says, as the page says, by its mark', async () => {
    const latin = (html: string) => Buffer.from(html, 'latin1')
    const title = '<title>Grüße</title>'
    const titleOf = async (bytes: Buffer, charset: string | null) =>
      (await readPage(bytes, charset, url)).title
    assert.equal(await titleOf(latin(title), 'iso-8859-1'), 'Grüße')
    assert.equal(await titleOf(latin(`<meta charset="windows-1252">${title}`), null), 'Grüße')
    // A dash and an apostrophe where Latin 1 has control characters.
    assert.equal(await titleOf(latin('<title>it\x92s \x96 so</title>'), 'windows-1252'), 'it’s – so')
    assert.equal(await titleOf(Buffer.from(`<meta charset="utf-16">${title}`), 'no-such'), 'Grüße')
    assert.equal(await titleOf(Buffer.from(`\uFEFF${title}`, 'utf16le'), 'utf-8'), 'Grüße')
  })

  for (const [name, html] of [
    ['nothing', ''],
    ['only text', 'hello'],
    ['broken tags', '<html><head><title>x</ti<body <p <<<>>> &#xFFFFFFF; <div'],
    ['zeros', '<html>\0\0<title>\0</title>'],
    ['a frameset', '<html><frameset><frame src="x"></frameset></html>'],
    ['comments that never end', '<html><!-- '.repeat(50)],
  ] as const)
    test(`survives ${name}`, async () => {
      assert.equal((await read(html)).kind, 'page')
    })
})
