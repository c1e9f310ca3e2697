/// <reference types="vite/client" />
/*
 * Runs in the page while the dev server does: shows a changed picture where the old one
 * stands, without a reload, so that nothing that a person typed or opened is lost.
 */

type Picture = { src: string; srcset: string; sources: Record<string, string>; width: number; height: number; alt: string; placeholder: string; img: { src: string; w: number; h: number } }
type Value = Picture | string

/** Attributes that can hold a picture's URL. */
const ATTRIBUTES = ['src', 'srcset', 'href', 'poster', 'content', 'style', 'imagesrcset', 'xlink:href']

/**
 * What a picture module exports after it changed: the object that importers already hold,
 * with its new content. `data` outlives the module's versions.
 */
export function update(data: { value?: Value }, next: Value): Value {
  const { value: held } = data
  if (held === undefined || typeof held !== typeof next) {
    data.value = next
    return next
  }
  const before = typeof held === 'string' ? held : structuredClone(held)
  if (typeof held === 'string' || typeof next === 'string') data.value = next
  else Object.assign(held, next)
  if (typeof document !== 'undefined' && JSON.stringify(before) !== JSON.stringify(next)) swap(before, next)
  return data.value!
}

/** Puts the new URLs, size and alt where the old ones stand. */
function swap(before: Value, next: Value): void {
  const nextByOld = new Map<string, string>()
  const pairs = (old: Value, fresh: Value): [string, string][] =>
    typeof old === 'string' || typeof fresh === 'string'
      ? [[String(old), String(fresh)]]
      : [
          [old.src, fresh.src],
          [old.srcset, fresh.srcset],
          [old.placeholder, fresh.placeholder],
          ...Object.entries(old.sources).map(([format, srcset]): [string, string] => [srcset, fresh.sources[format] ?? fresh.srcset]),
        ]
  const nextByPath = new Map<string, string>()
  for (const [old, fresh] of pairs(before, next)) {
    if (old === '') continue
    nextByOld.set(old, fresh)
    for (const url of urlsIn(fresh)) nextByPath.set(pathOf(url), url)
  }
  const fallback = typeof next === 'string' ? next : next.src
  const oldPaths = new Set([...nextByOld.keys()].flatMap(urlsIn).map(pathOf))
  const renew = (text: string): string => nextByOld.get(text) ?? text.replace(URLS, (url) => (oldPaths.has(pathOf(url)) ? (nextByPath.get(pathOf(url)) ?? fallback) : url))

  for (const attribute of ATTRIBUTES) {
    for (const element of document.querySelectorAll(`[${attribute.replace(':', '\\:')}]`)) {
      const old = element.getAttribute(attribute)!
      const fresh = renew(old)
      if (fresh === old) continue
      if (element instanceof HTMLImageElement) renewFacts(element, before, next)
      element.setAttribute(attribute, fresh)
    }
  }
  window.dispatchEvent(new CustomEvent('limn:update', { detail: { before, picture: next } }))
}

/** Size and alt of an `<img>`, where they are those of the old picture. */
function renewFacts(image: HTMLImageElement, before: Value, next: Value): void {
  if (typeof before === 'string' || typeof next === 'string') return
  for (const name of ['width', 'height', 'alt'] as const) {
    if (image.getAttribute(name) === String(before[name])) image.setAttribute(name, String(next[name]))
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
  import.meta.hot.on('limn:mended', () => {
    for (const overlay of document.querySelectorAll('vite-error-overlay')) (overlay as HTMLElement & { close?: () => void }).close?.()
  })
}
