import { lineOf, type PageDocument, type PageElement } from './document.ts'
import type { RecipeFacts } from './facts.ts'
import { isA, textOf, textsOf, type Thing } from './structured-data.ts'
import { webAddress } from './web-address.ts'

/** The first recipe of a page that has a name and ingredients: from structured data, else from class names. */
export function findRecipe(
  document: PageDocument,
  things: readonly Thing[],
  url: string,
): RecipeFacts | null {
  for (const thing of things) {
    const recipe = isA(thing, 'Recipe') ? fromThing(thing, url) : null
    if (recipe) return recipe
  }
  return fromClasses(document, url)
}

function fromThing(thing: Thing, url: string): RecipeFacts | null {
  const name = textOf(thing, 'name')
  const ingredients = textsOf(thing, 'recipeIngredient', 'ingredients')
  if (name === null || ingredients.length === 0) return null
  return {
    name,
    url: webAddress(textOf(thing, 'url'), url) ?? url,
    image: imageOf(thing, url),
    description: textOf(thing, 'description'),
    ingredients: ingredients.join('\n'),
    recipeInstructions: stepsOf(thing).join('\n') || null,
    recipeYield: textsOf(thing, 'recipeYield', 'yield').at(-1) ?? null,
    prepTime: textOf(thing, 'prepTime'),
    cookTime: textOf(thing, 'cookTime'),
    totalTime: textOf(thing, 'totalTime'),
    recipeCategory: joined(textsOf(thing, 'recipeCategory')),
    recipeCuisine: joined(textsOf(thing, 'recipeCuisine')),
    datePublished: textOf(thing, 'datePublished'),
    creator: textOf(thing, 'author', 'creator'),
  }
}

const joined = (texts: readonly string[]) => (texts.length === 0 ? null : [...new Set(texts)].join(', '))

/** An address, or an ImageObject that has one. */
export function imageOf(thing: Thing, base: string): string | null {
  for (const value of thing.values.get('image') ?? []) {
    const text = typeof value === 'string' ? value : textOf(value, 'url', 'contentUrl', '@id')
    const address = webAddress(text, base)
    if (address !== null) return address
  }
  return null
}

/** Steps as texts, as HowToStep, or as HowToSection with steps of its own. */
function stepsOf(thing: Thing): string[] {
  const values = ['recipeInstructions', 'instructions'].flatMap((name) => thing.values.get(name) ?? [])
  return values.slice(0, 200).flatMap((value) => {
    if (typeof value === 'string') return lineOf(value.replaceAll(/<[^>]{0,200}>/g, ' ')) ?? []
    const inner = value.values.get('itemListElement') ?? []
    if (inner.length === 0) return textOf(value, 'text') ?? textOf(value, 'name') ?? []
    return inner.flatMap((step) => (typeof step === 'string' ? [step] : (textOf(step, 'text', 'name') ?? [])))
  })
}

/** Class names of the old hRecipe microformat and of h-recipe. */
const classes = {
  name: '.fn, .p-name',
  ingredient: '.ingredient, .p-ingredient',
  instructions: '.instructions, .e-instructions',
  yield: '.yield, .p-yield',
  duration: '.duration, .dt-duration',
  photo: 'img.photo, img.u-photo',
  author: '.author, .p-author',
  published: '.published, .dt-published',
  summary: '.summary, .p-summary',
}

function fromClasses(document: PageDocument, url: string): RecipeFacts | null {
  const recipe = document.querySelector('.hrecipe, .h-recipe')
  if (!recipe) return null
  const text = (part: keyof typeof classes) => stated(recipe.querySelector(classes[part]))
  const name = text('name')
  const ingredients = [...recipe.querySelectorAll(classes.ingredient)].flatMap((one) => stated(one) ?? [])
  if (name === null || ingredients.length === 0) return null
  return {
    name,
    url,
    image: webAddress(recipe.querySelector(classes.photo)?.getAttribute('src'), url),
    description: text('summary'),
    ingredients: ingredients.slice(0, 500).join('\n'),
    recipeInstructions: text('instructions'),
    recipeYield: text('yield'),
    prepTime: null,
    cookTime: null,
    totalTime: text('duration'),
    recipeCategory: null,
    recipeCuisine: null,
    datePublished: text('published'),
    creator: text('author'),
  }
}

/** Microformats write a value for machines into `title` or `datetime`. */
function stated(element: PageElement | null): string | null {
  const inner = element?.querySelector('.value-title') ?? element
  const hidden = inner?.getAttribute('datetime') ?? (inner?.localName === 'abbr' || inner !== element ? inner?.getAttribute('title') : null) // prettier-ignore
  return lineOf(hidden ?? element?.textContent, 20_000)
}
