/*
 * Checks every link of the built site: the page or file exists, and so does the heading. VitePress
 * checks the pages, but not the headings.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const site = join(import.meta.dirname, '../.vitepress/dist')
const pages = globSync('**/*.html', { cwd: site })
const html = new Map(pages.map((page) => [page, readFileSync(join(site, page), 'utf8')]))
const dead = pages.flatMap((page) =>
  [...html.get(page)!.matchAll(/<a [^>]*?href="([^"]+)"/g)]
    .map(([, link]) => link!.replaceAll('&amp;', '&'))
    .filter((link) => isDead(page, link))
    .map((link) => `${page}: ${link}`),
)
process.stdout.write(`${pages.length} pages, ${dead.length} dead links\n`)
if (dead.length > 0) {
  process.stderr.write(`${[...new Set(dead)].join('\n')}\n`)
  process.exitCode = 1
}

function isDead(page: string, link: string): boolean {
  const { protocol, host, pathname, hash } = new URL(link, `https://site.invalid/${page}`)
  if (protocol !== 'https:' || host !== 'site.invalid') return false
  const path = decodeURIComponent(pathname).slice(1)
  const file = [path, `${path}.html`, join(path, 'index.html')].find((name) => html.has(name))
  if (file === undefined) return !existsSync(join(site, path))
  const id = decodeURIComponent(hash.slice(1))
  return id !== '' && !html.get(file)!.includes(`id="${id}"`)
}
