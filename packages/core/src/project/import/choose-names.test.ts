import { expect, test } from 'vitest'
import { chooseNames } from './choose-names.ts'

test.each([
  [
    ['logo.png', 'logo.svg', 'Logo.PNG'],
    ['logo', 'logo-svg', 'logo-png'],
  ],
  [
    ['a b.png', 'a-b.png', 'A_b.png'],
    ['a-b', 'a-b-png', 'a_b'],
  ],
  [
    ['e\u0301.png', '\u00e9.png'],
    ['\u00e9', '\u00e9-png'],
  ],
  [
    ['con.png', 'x/AUX.png', '__proto__.png'],
    ['con-picture', 'x/aux-picture', '__proto__-picture'],
  ],
  [
    ['---.png', '(1).jpg', '.png'],
    ['picture', '1', 'png'],
  ],
  [
    ['Photos/a.png', 'photos/b.png'],
    ['photos/a', 'photos/b'],
  ],
  [['名前/写真.jpg'], ['名前/写真']],
])('names %j', (paths, names) => {
  expect(chooseNames(paths, [])).toEqual(names)
})

test('leaves the names and folders of a project alone', () => {
  expect(
    chooseNames(
      ['hero.png', 'blog/x.png', 'hero.jpg', 'hero.webp'],
      ['Hero', 'Blog/y', 'hero-png'],
    ),
  ).toEqual(['hero-2', 'Blog/x', 'hero-jpg', 'hero-webp'])
})

test('shortens long names, and keeps them apart', () => {
  const long = [1, 2].map((each) => `${'深い/'.repeat(90)}${'名'.repeat(80)}${each}.png`)
  const names = chooseNames(long, [])
  expect(new Set(names).size).toBe(2)
  for (const name of names) {
    expect(name.length).toBeLessThanOrEqual(200)
    expect(name.split('/').every((part) => Buffer.byteLength(part) <= 240)).toBe(true)
  }
})
