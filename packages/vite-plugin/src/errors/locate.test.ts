import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
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

it('shows no line of a file that a link leads to, and waits for no FIFO', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-locate-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('own.css'), 'a { b: limn:hero }')
  symlinkSync('own.css', at('link.css'))
  symlinkSync('/proc/self/environ', at('environment.css'))
  symlinkSync(at('loop.css'), at('loop.css'))
  if (process.platform !== 'win32') execFileSync('mkfifo', [at('fifo.css')])
  expect(locate(at('link.css'), ['limn:hero'])).toMatchObject({ loc: { line: 1, column: 8 } })
  for (const name of ['environment.css', 'loop.css', 'fifo.css']) {
    expect(locate(at(name), ['PATH', 'limn:hero'])).toEqual({ id: at(name) })
  }
})
