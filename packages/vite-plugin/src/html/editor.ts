import { MagicString } from 'magic-string'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'

export type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/** Changes a page where it has to be changed; everything else stays as it was written. */
export type Editor = {
  /** Every element, in the order of the page, those in `<template>` too. */
  elements: readonly Element[]
  /** Writes an attribute, in the place of the old one or behind the others. */
  set(element: Element, name: string, value: string): void
  /** Puts markup in front of an element. */
  before(element: Element, markup: string): void
  /** Puts markup behind an element. */
  after(element: Element, markup: string): void
  toString(): string
}

/** Reads a page for editing, as a browser would read it. */
export function editHtml(html: string): Editor {
  const text = new MagicString(html)
  return {
    elements: elementsIn(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false })),
    set(element, name, value) {
      const location = element.sourceCodeLocation!
      const written = location.attrs?.[name]
      if (written !== undefined) {
        const start = html.slice(written.startOffset, written.endOffset)
        text.update(
          written.startOffset,
          written.endOffset,
          `${start.slice(0, name.length)}="${escapeHtml(value)}"`,
        )
        return
      }
      const end = (location.startTag ?? location).endOffset
      const last = Math.max(
        0,
        ...Object.values(location.attrs ?? {}).map(({ endOffset }) => endOffset),
      )
      const isSelfClosed = html[end - 2] === '/' && end - 2 >= last
      text.appendLeft(
        last === 0
          ? location.startOffset + 1 + element.tagName.length
          : Math.min(last, isSelfClosed ? end - 2 : end - 1),
        ` ${name}="${escapeHtml(value)}"`,
      )
    },
    // Where one element ends another may start: what is behind the one comes before what is in front of the other.
    before(element, markup) {
      text.appendRight(element.sourceCodeLocation!.startOffset, markup)
    },
    after(element, markup) {
      text.appendLeft(element.sourceCodeLocation!.endOffset, markup)
    },
    toString: () => text.toString(),
  }
}

/** The attributes of an element by name, `xlink:href` with its prefix. */
export function attributesOf({ attrs }: Element): Record<string, string> {
  return Object.fromEntries(
    attrs.map(({ prefix, name, value }) => [
      prefix === undefined || prefix === '' ? name : `${prefix}:${name}`,
      value,
    ]),
  )
}

/** A start tag with attributes; those that are `undefined` are left out. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
): string {
  return `<${name}${Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${escapeHtml(value)}"`))
    .join('')}>`
}

/** The line break and indentation in front of an element, for what is put beside it. */
export function indentOf(element: Element, html: string): string {
  return /\n[ \t]*$/.exec(html.slice(0, element.sourceCodeLocation!.startOffset))?.[0] ?? ''
}

/** The text of the first `<title>`, trimmed. */
export function titleOf(elements: readonly Element[]): string | undefined {
  const [child] = elements.find(({ tagName }) => tagName === 'title')?.childNodes ?? []
  const text = child !== undefined && 'value' in child ? child.value.trim() : ''
  return text === '' ? undefined : text
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function elementsIn(node: Node): Element[] {
  const content = 'content' in node ? node.content : node
  const children = 'childNodes' in content ? content.childNodes.flatMap(elementsIn) : []
  // What a browser adds by itself, as <head>, stands nowhere in the file.
  return 'tagName' in node &&
    node.sourceCodeLocation !== undefined &&
    node.sourceCodeLocation !== null
    ? [node, ...children]
    : children
}
