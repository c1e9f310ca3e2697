/// <reference types="vite/client" />
/*
 * Runs in the page while the dev server does: shows a changed picture where the old one
 * stands, without a reload, so that nothing that a person typed or opened is lost.
 */

type Picture = {
  src: string
  srcset: string
  sources: Record<string, string>
  width: number
  height: number
  alt: string
  placeholder: string
  img: { src: string; w: number; h: number }
}
type Value = Picture | string

/** Attributes that can hold a picture's URL. */
const ATTRIBUTES = [
  'src',
  'srcset',
  'href',
  'poster',
  'content',
  'style',
  'imagesrcset',
  'xlink:href',
]

/**
 * What outlives the versions of a picture module: what importers hold, and what the page shows of
 * it.
 */
type Data = { value?: Value; shown?: Value }

/**
 * What a picture module exports after it changed: the object that importers already hold, with its
 * new content.
 */
export function update(data: Data, next: Value): Value {
  const { value: held } = data
  if (held === undefined || typeof held !== typeof next) {
    data.value = next
    data.shown = structuredClone(next)
    if (typeof document !== 'undefined') adopt(next)
    return next
  }
  if (typeof held === 'string' || typeof next === 'string') data.value = next
  else Object.assign(held, next)
  if (typeof document !== 'undefined') void show(data)
  return data.value!
}

/**
 * A page that a server rendered may name an earlier version: brought up to date before a framework
 * takes the page over and compares.
 */
function adopt(value: Value): void {
  for (const change of findChanges(value, value)) apply(change)
}

/**
 * Brings the page from what it shows to what the module holds. The old picture stays until the new
 * one is there: nothing flashes.
 */
async function show(data: Data): Promise<void> {
  const target = structuredClone(data.value!)
  const changes = findChanges(data.shown!, target)
  await Promise.all(
    [...new Set(changes.map(({ element }) => shownUrl(element)))].map((url) =>
      load(url === undefined ? undefined : renewer(data.shown!, target)(url)),
    ),
  )
  // A later change goes on from what is shown now.
  if (JSON.stringify(target) !== JSON.stringify(data.value)) return
  const before = data.shown!
  for (const image of imagesOf(before)) renewFacts(image, before, target)
  for (const change of findChanges(before, target)) apply(change)
  data.shown = target
  window.dispatchEvent(new CustomEvent('limn:update', { detail: { before, picture: target } }))
}

/** A new text for an attribute, or for an element's content (`null`). */
type Change = { element: Element; attribute: string | null; fresh: string }

/**
 * Every attribute, and every `<style>` of the page's own, that names the old picture, with its new
 * text.
 */
function findChanges(before: Value, next: Value): Change[] {
  const renew = renewer(before, next)
  const changeOf = (element: Element, attribute: string | null, old: string): Change[] => {
    const fresh = renew(old)
    return fresh === old ? [] : [{ element, attribute, fresh }]
  }
  const attributes = ATTRIBUTES.flatMap((attribute) =>
    [...document.querySelectorAll(`[${attribute.replace(':', '\\:')}]`)].flatMap((element) =>
      changeOf(element, attribute, element.getAttribute(attribute)!),
    ),
  )
  // Those with Vite's mark are modules, which Vite updates.
  const styles = [...document.querySelectorAll('style:not([data-vite-dev-id])')].flatMap(
    (element) => changeOf(element, null, element.textContent),
  )
  return [...attributes, ...styles]
}

function apply({ element, attribute, fresh }: Change): void {
  if (attribute === null) element.textContent = fresh
  else element.setAttribute(attribute, fresh)
}

/** Rewrites a text that may name the old picture, whole or in part, so that it names the new one. */
function renewer(before: Value, next: Value): (text: string) => string {
  const nextByOld = new Map(pairs(before, next).filter(([old]) => old !== ''))
  const nextByPath = new Map(
    [...nextByOld.values()].flatMap(urlsIn).map((url) => [pathOf(url), url]),
  )
  const oldPaths = new Set([...nextByOld.keys()].flatMap(urlsIn).map(pathOf))
  const fallback = typeof next === 'string' ? next : next.src
  return (text) =>
    nextByOld.get(text) ??
    text.replace(URLS, (url) =>
      oldPaths.has(pathOf(url)) ? (nextByPath.get(pathOf(url)) ?? fallback) : url,
    )
}

/** The images in the page that show a picture, whichever version of it. */
function imagesOf(value: Value): HTMLImageElement[] {
  const paths = new Set(
    pairs(value, value)
      .flatMap(([text]) => urlsIn(text))
      .map(pathOf),
  )
  return [...document.images].filter((image) =>
    urlsIn(`${image.getAttribute('src') ?? ''} ${image.getAttribute('srcset') ?? ''}`).some((url) =>
      paths.has(pathOf(url)),
    ),
  )
}

/** What stands in the place of what. */
function pairs(before: Value, next: Value): [string, string][] {
  if (typeof before === 'string' || typeof next === 'string') {
    return [[String(before), String(next)]]
  }
  const sources = Object.entries(before.sources).map(([format, srcset]): [string, string] => [
    srcset,
    next.sources[format] ?? next.srcset,
  ])
  return [
    [before.src, next.src],
    [before.srcset, next.srcset],
    [before.placeholder, next.placeholder],
    ...sources,
  ]
}

/** Longest wait for a new picture before the old one gives way all the same, ms. */
const LOAD_MS = 10_000

/** The file that a browser chose for a picture, of all that it was offered. */
function shownUrl(element: Element): string | undefined {
  const image =
    element instanceof HTMLSourceElement ? element.parentElement?.querySelector('img') : element
  return image instanceof HTMLImageElement && image.currentSrc !== '' ? image.currentSrc : undefined
}

async function load(url: string | undefined): Promise<void> {
  if (url === undefined) return
  const image = new Image()
  image.src = url
  const late = new Promise<void>((resolve) => setTimeout(resolve, LOAD_MS))
  await Promise.race([image.decode().catch(() => {}), late])
}

/** Size and alt of an `<img>`, where they are those of the old picture. */
function renewFacts(image: HTMLImageElement, before: Value, next: Value): void {
  if (typeof before === 'string' || typeof next === 'string') return
  for (const name of ['width', 'height', 'alt'] as const) {
    if (image.getAttribute(name) === String(before[name])) {
      image.setAttribute(name, String(next[name]))
    }
  }
}

const URLS = /[^\s,"'()]*\/@limn\/[^\s,"'()]+/g

function urlsIn(text: string): string[] {
  return text.match(URLS) ?? []
}

function pathOf(url: string): string {
  return url.replace(/\?.*$/, '').replace(/^https?:\/\/[^/]+/, '')
}

// Vite reloads the page at the first update after an overlay. A mended manifest needs no reload:
// the overlay goes, and the pictures that changed are swapped.
if (import.meta.hot) {
  // oxlint-disable-next-line no-console -- whoever looks for the picture looks there
  import.meta.hot.on('limn:failed', ({ line }: { line: string }) => console.warn(line))
  import.meta.hot.on('limn:mended', () => {
    for (const overlay of document.querySelectorAll('vite-error-overlay')) {
      ;(overlay as HTMLElement & { close?: () => void }).close?.()
    }
  })
}
