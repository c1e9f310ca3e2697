import { MagicString } from 'magic-string'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'

export type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/** Edits a page. Everything that is not edited stays byte for byte. */
export type Editor = {
  /** Every element in document order, including those in `<template>`. */
  elements: readonly Element[]
  /** Sets an attribute: replaces its value, or adds it after the others. */
  set(element: Element, name: string, value: string): void
  /** Replaces the text of an element that contains nothing but text, such as a `<script>`. */
  setText(element: Element, text: string): void
  /** Inserts markup before an element. */
  before(element: Element, markup: string): void
  /** Inserts markup after an element. */
  after(element: Element, markup: string): void
  toString(): string
}

/** Parses a page for editing, as a browser parses it. */
export function editHtml(html: string): Editor {
  const text = new MagicString(html)
  return {
    elements: elementsIn(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: false })),
    set(element, name, value) {
      const attribute = `${name}="${escapeHtml(value)}"`
      const written = element.sourceCodeLocation!.attrs?.[name]
      if (written === undefined) text.appendLeft(endOfAttributes(element, html), ` ${attribute}`)
      else {
        // The name keeps its upper-case letters.
        const { startOffset, endOffset } = written
        const ownName = html.slice(startOffset, startOffset + name.length)
        text.update(startOffset, endOffset, `${ownName}${attribute.slice(name.length)}`)
      }
    },
    setText(element, replaced) {
      const { startOffset, endOffset } = textLocation(element)
      text.update(startOffset, endOffset, replaced)
    },
    // Where one element ends and the next starts, markup after the first precedes markup before the second.
    before(element, markup) {
      text.appendRight(element.sourceCodeLocation!.startOffset, markup)
    },
    after(element, markup) {
      text.appendLeft(element.sourceCodeLocation!.endOffset, markup)
    },
    toString: () => text.toString(),
  }
}

/** Returns the offsets of the text in a `<script>` or `<style>`. */
export function textLocation({ childNodes }: Element): { startOffset: number; endOffset: number } {
  return childNodes[0]!.sourceCodeLocation!
}

/** Returns the offset in a start tag at which an attribute can be added. */
function endOfAttributes({ tagName, sourceCodeLocation }: Element, html: string): number {
  const location = sourceCodeLocation!
  const { endOffset } = location.startTag ?? location
  const last = Math.max(0, ...Object.values(location.attrs ?? {}).map((range) => range.endOffset))
  if (last === 0) return location.startOffset + 1 + tagName.length
  const isSelfClosed = html[endOffset - 2] === '/' && endOffset - 2 >= last
  return Math.min(last, isSelfClosed ? endOffset - 2 : endOffset - 1)
}

/** Returns the attributes of an element by name, including the prefix, `xlink:href`. */
export function attributesOf({ attrs }: Element): Record<string, string> {
  return Object.fromEntries(
    attrs.map(({ prefix, name, value }) => [
      prefix === undefined || prefix === '' ? name : `${prefix}:${name}`,
      value,
    ]),
  )
}

/** Formats a start tag. Attributes that are `undefined` are omitted. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
): string {
  return `<${name}${Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${escapeHtml(value)}"`))
    .join('')}>`
}

/** Inserts tags after an element, each on a line of its own if the element is. */
export function insertLinesAfter(
  { editor, html }: { editor: Editor; html: string },
  element: Element,
  tags: readonly string[],
): void {
  const indent = indentOf(element, html)
  editor.after(element, tags.map((text) => `${indent}${text}`).join(''))
}

/** Returns the line break and indentation before an element; empty if text precedes it. */
export function indentOf(element: Element, html: string): string {
  return /\n[ \t]*$/.exec(html.slice(0, element.sourceCodeLocation!.startOffset))?.[0] ?? ''
}

/** Returns the trimmed text of the first `<title>`; `undefined` if it is empty or missing. */
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
  // Elements that the parser adds, such as a missing <head>, have no location.
  return 'tagName' in node &&
    node.sourceCodeLocation !== undefined &&
    node.sourceCodeLocation !== null
    ? [node, ...children]
    : children
}
