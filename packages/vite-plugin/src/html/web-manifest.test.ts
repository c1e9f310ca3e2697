import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ManifestIcon } from './page.ts'
import { type WebManifest, withIcons } from './web-manifest.ts'

const icon: ManifestIcon = { src: '/icon.png', sizes: '192x192', type: 'image/png', purpose: 'any' }

/** Creates a site in a folder next to a private file, and adds icons to its manifest. */
function createSite(href: string): {
  root: string
  outside: string
  read: () => WebManifest | undefined
} {
  const folder = mkdtempSync(join(tmpdir(), 'limn-site-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [root, outside] = [join(folder, 'site'), join(folder, 'private.json')]
  mkdirSync(join(root, 'public'), { recursive: true })
  writeFileSync(outside, '{ "secret": 1 }')
  const file = join(root, 'index.html')
  writeFileSync(file, `<link rel="manifest" href="${href}">`)
  const site = { root, publicDir: join(root, 'public'), base: '/' }
  return { root, outside, read: () => withIcons({ file, title: 'T', icons: [icon], site }) }
}

const created = { content: { name: 'T', icons: [icon] }, publicPath: undefined }

test('adds icons to the manifest of public/ and of the site, through links that stay there', () => {
  const { root, read } = createSite('/app.json')
  expect(read()).toEqual(created)
  writeFileSync(join(root, 'own.json'), '{ "name": "A" }')
  symlinkSync('own.json', join(root, 'app.json'))
  expect(read()).toEqual({ content: { name: 'A', icons: [icon] }, publicPath: undefined })
  writeFileSync(join(root, 'public/app.json'), '{ "name": "B" }')
  expect(read()).toEqual({ content: { name: 'B', icons: [icon] }, publicPath: 'app.json' })
})

test.each(['/app.json', './app.json', '/../private.json', '../private.json'])(
  'reads no manifest outside the site for %s',
  (href) => {
    const { root, outside, read } = createSite(href)
    symlinkSync(outside, join(root, 'public/app.json'))
    symlinkSync(outside, join(root, 'app.json'))
    expect(read).toThrow(/a link that leads out of the project/)
  },
)

test.skipIf(process.platform === 'win32').each([
  ['a FIFO', (path: string) => void execFileSync('mkfifo', [path]), /it is not a regular file/],
  ['a folder', (path: string) => void mkdirSync(path), /it is a folder/],
  [
    'a huge file',
    (path: string) => {
      writeFileSync(path, '')
      truncateSync(path, 2e9)
    },
    /it is too large/,
  ],
])('does not read %s in place of a manifest', (_, create, message) => {
  const { root, read } = createSite('/app.json')
  create(join(root, 'app.json'))
  expect(read).toThrow(message)
})

test.skipIf(process.platform === 'win32')('does not wait for a FIFO in place of a page', () => {
  const { root, read } = createSite('/app.json')
  rmSync(join(root, 'index.html'))
  execFileSync('mkfifo', [join(root, 'index.html')])
  expect(read).toThrow(/it is not a regular file/)
})
