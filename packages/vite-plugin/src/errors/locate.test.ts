import { expect, it } from 'vitest'
import { locate } from './locate.ts'

it('finds a whole name, with line, column and frame', () => {
  const found = locate(
    '/no/such/file.html?html-proxy',
    ['~limn/hero', 'limn:hero'],
    '<img src="limn:hero-night">\n  <img src="limn:hero">\n',
  )
  expect(found).toMatchObject({
    id: '/no/such/file.html',
    loc: { file: '/no/such/file.html', line: 2, column: 13 },
    frame: expect.stringContaining('2 |   <img src="limn:hero">') as string,
  })
})

it('returns the file alone if it does not contain the name', () => {
  expect(locate('/no/such/file.css', ['limn:hero'], 'a {}')).toEqual({ id: '/no/such/file.css' })
})
