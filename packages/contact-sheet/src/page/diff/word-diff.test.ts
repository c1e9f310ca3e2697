import { describe, expect, test } from 'vitest'
import { diffByWords } from './word-diff.ts'

/** Shows a diff on one line: `a [-b-]{+c+}`. */
function show(from: string, to: string): string {
  return diffByWords(from, to)
    .map(({ kind, text }) => {
      if (kind === 'added') return `{+${text}+}`
      return kind === 'removed' ? `[-${text}-]` : text
    })
    .join('')
}

describe('diffByWords', () => {
  test.each([
    ['a red fox', 'a red fox', 'a red fox'],
    ['', '', ''],
    ['', 'new', '{+new+}'],
    ['old', '', '[-old-]'],
    ['a red fox at dawn', 'a blue fox at dawn', 'a [-red-]{+blue+} fox at dawn'],
    ['a red fox at dawn', 'a blue owl at dawn', 'a [-red fox-]{+blue owl+} at dawn'],
    ['a fox', 'a fox, running', 'a fox{+, running+}'],
    ["the fox's den", "the owl's den", "the [-fox's-]{+owl's+} den"],
    ['рыжая лиса бежит', 'рыжая лиса спит', 'рыжая лиса [-бежит-]{+спит+}'],
    ['line one\nline two', 'line one\nline 2', 'line one\nline [-two-]{+2+}'],
  ])('compares %j with %j', (from, to, expected) => {
    expect(show(from, to)).toBe(expected)
  })

  test.each([
    ['日出时的红色城堡', '日出时的蓝色城堡', '红', '蓝'],
    ['一只狐狸在森林里奔跑', '一只狐狸在雪地里奔跑', '森林', '雪地'],
    ['街角的咖啡馆，水彩画', '街角的书店，水彩画', '咖啡馆', '书店'],
  ])('compares Chinese by words: %s', (from, to, removed, added) => {
    const parts = diffByWords(from, to)
    expect(parts.find((part) => part.kind === 'removed')?.text).toContain(removed)
    expect(parts.find((part) => part.kind === 'added')?.text).toContain(added)
    expect(parts[0]?.kind).toBe('same')
    expect(parts.at(-1)?.kind).toBe('same')
  })

  test.each([
    ['a <b>bold</b> & "quoted"', "a <i>thin</i> & 'quoted'"],
    ['emoji 👩‍🚀 rides 🐉', 'emoji 👩‍🚀 feeds 🐲'],
    ['tabs\tand\r\nlines\n\n', 'tabs and\nlines\n'],
    ['桌上的 red apple，写实', '桌上的 green pear，写实风格'],
  ])('loses no character of %j', (from, to) => {
    const parts = diffByWords(from, to)
    const join = (not: string): string =>
      parts
        .filter((part) => part.kind !== not)
        .map((part) => part.text)
        .join('')
    expect(join('added')).toBe(from)
    expect(join('removed')).toBe(to)
  })
})
