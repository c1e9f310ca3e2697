import { describe, expect, it } from 'vitest'
import { editHtml, type Editor, indentOf, tag, titleOf } from './editor.ts'

const img = (editor: Editor) => editor.elements.find(({ tagName }) => tagName === 'img')!

/** A page after an attribute of its image is set. */
function setOn(html: string, name: string, value: string): string {
  const editor = editHtml(html)
  editor.set(img(editor), name, value)
  return editor.toString()
}

describe('editHtml', () => {
  it.each([
    ['<p><img src="a"></p>', '<p><img src="x"></p>'],
    ["<img  SRC = 'a'  id=i>", '<img  SRC="x"  id=i>'],
    ['<img src=a/>', '<img src="x">'],
    ['<img src=a>', '<img src="x">'],
    ['<img id=i src>', '<img id=i src="x">'],
  ])('replaces the value of an attribute: %s', (html, expected) => {
    expect(setOn(html, 'src', 'x')).toBe(expected)
  })

  it.each([
    ['<img src="a">', '<img src="a" alt="x">'],
    ['<img src="a" />', '<img src="a" alt="x" />'],
    ['<img src="a"/>', '<img src="a" alt="x"/>'],
    ['<img src=a/>', '<img src=a/ alt="x">'],
    ['<img>', '<img alt="x">'],
  ])('adds an attribute after the others: %s', (html, expected) => {
    expect(setOn(html, 'alt', 'x')).toBe(expected)
  })

  it('escapes what markup would interpret', () => {
    expect(setOn('<img>', 'alt', 'Tom & "Jerry" <3')).toBe(
      '<img alt="Tom &amp; &quot;Jerry&quot; <3">',
    )
    expect(tag('source', { srcset: 'a&b', sizes: undefined })).toBe('<source srcset="a&amp;b">')
  })
})

it('keeps markup around adjacent elements separate', () => {
  const editor = editHtml('<img id=a><img id=b>')
  for (const element of editor.elements.filter(({ tagName }) => tagName === 'img')) {
    editor.before(element, '<i>')
    editor.after(element, '</i>')
  }
  expect(editor.toString()).toBe('<i><img id=a></i><i><img id=b></i>')
})

it('finds elements in templates and after comments, but none in scripts and text', () => {
  const editor = editHtml(
    '<!-- <img id=no> --><template><img id=yes></template><script>const s = "<img id=no>"</script><textarea><img id=no></textarea><noscript><img id=too></noscript>',
  )
  expect(
    editor.elements.filter(({ tagName }) => tagName === 'img').map(({ attrs }) => attrs[0]!.value),
  ).toEqual(['yes', 'too'])
})

it('returns the title and the indentation', () => {
  const html = '<head>\n  <title> A &amp; B </title>\n  <link rel="icon"></head>'
  const { elements } = editHtml(html)
  expect(titleOf(elements)).toBe('A & B')
  expect(
    indentOf(
      elements.find(({ tagName }) => tagName === 'link')!,
      html,
    ),
  ).toBe('\n  ')
})
