/// <reference types="vite/client" />
/*
 * Runs in the pages of the dev server. Replaces a changed image without a reload, so that a person
 * loses nothing that they typed or opened.
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
/** What an image module exports. */
type Value = Picture | string

/** Attributes that can contain the URL of an image. */
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

/** What is kept across the versions of an image module. */
type Data = {
  /** The object or URL that importers hold. */
  value?: Value
  /** A copy of what the page shows. */
  shown?: Value
}

/**
 * Updates an image module, and swaps the image in the page.
 *
 * @returns what the module exports: the object that importers already hold, with the new content
 */
export function update(data: Data, next: Value): Value {
  const { value: held } = data
  if (held === undefined || typeof held !== typeof next) {
    data.value = next
    data.shown = structuredClone(next)
    if (typeof document !== 'undefined') updateEarlierVersions(next)
    return next
  }
  if (typeof held === 'string' || typeof next === 'string') data.value = next
  else Object.assign(held, next)
  if (typeof document !== 'undefined') void show(data)
  return data.value!
}

/**
 * Replaces the URLs of earlier versions in server-rendered markup, before a framework hydrates the
 * page and compares.
 */
function updateEarlierVersions(value: Value): void {
  for (const change of findChanges(value, value)) apply(change)
}

/**
 * Swaps the image in the page for the current one. The old image stays until the new one has
 * loaded, so that nothing flashes.
 */
async function show(data: Data): Promise<void> {
  const target = structuredClone(data.value!)
  const changes = findChanges(data.shown!, target)
  await Promise.all(
    [...new Set(changes.map(({ element }) => shownUrl(element)))].map((url) =>
      load(url === undefined ? undefined : createReplacer(data.shown!, target)(url)),
    ),
  )
  // A later change starts from what is shown now.
  if (JSON.stringify(target) !== JSON.stringify(data.value)) return
  const before = data.shown!
  for (const image of imagesOf(before)) updateSizeAndAlt(image, before, target)
  for (const change of findChanges(before, target)) apply(change)
  data.shown = target
  window.dispatchEvent(new CustomEvent('limn:update', { detail: { before, picture: target } }))
}

/** A new text for an attribute, or for the content of an element (`null`). */
type Change = { element: Element; attribute: string | null; newText: string }

/** Finds every attribute, and every `<style>` of the page itself, that contains an old URL. */
function findChanges(before: Value, next: Value): Change[] {
  const replace = createReplacer(before, next)
  const changeOf = (element: Element, attribute: string | null, old: string): Change[] => {
    const newText = replace(old)
    return newText === old ? [] : [{ element, attribute, newText }]
  }
  const attributes = ATTRIBUTES.flatMap((attribute) =>
    [...document.querySelectorAll(`[${attribute.replace(':', '\\:')}]`)].flatMap((element) =>
      changeOf(element, attribute, element.getAttribute(attribute)!),
    ),
  )
  // Styles with this attribute are modules, which Vite updates.
  const styles = [...document.querySelectorAll('style:not([data-vite-dev-id])')].flatMap(
    (element) => changeOf(element, null, element.textContent),
  )
  return [...attributes, ...styles]
}

function apply({ element, attribute, newText }: Change): void {
  if (attribute === null) element.textContent = newText
  else element.setAttribute(attribute, newText)
}

/** Creates a function that replaces the URLs of an old version in a text with those of the new. */
function createReplacer(before: Value, next: Value): (text: string) => string {
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

/** Returns the `<img>` elements that show any version of an image. */
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

/** Pairs the texts of an old version with those that replace them. */
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

/** The longest wait for a new image to load before it replaces the old one anyway, ms. */
const LOAD_MS = 10_000

/** Returns the URL that the browser chose for an element; `undefined` if it shows none. */
function shownUrl(element: Element): string | undefined {
  const image =
    element instanceof HTMLSourceElement ? element.parentElement?.querySelector('img') : element
  return image instanceof HTMLImageElement && image.currentSrc !== '' ? image.currentSrc : undefined
}

async function load(url: string | undefined): Promise<void> {
  if (url === undefined) return
  const image = new Image()
  image.src = url
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, LOAD_MS))
  await Promise.race([image.decode().catch(() => {}), timeout])
}

/** Updates the size and alt text of an `<img>` that has those of the old version. */
function updateSizeAndAlt(image: HTMLImageElement, before: Value, next: Value): void {
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

// Vite reloads the page at the first update after an overlay. A fixed manifest needs no reload, so
// the overlay is removed before Vite sees it.
if (import.meta.hot) {
  // oxlint-disable-next-line no-console -- people look for the cause of a missing image there
  import.meta.hot.on('limn:failed', ({ line }: { line: string }) => console.warn(line))
  // What failed before the page was loaded.
  import.meta.hot.send('limn:loaded')
  import.meta.hot.on('limn:fixed', () => {
    for (const overlay of document.querySelectorAll('vite-error-overlay')) {
      ;(overlay as HTMLElement & { close?: () => void }).close?.()
    }
  })
}
