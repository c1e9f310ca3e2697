import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from './app-options.ts'

const folder = join(import.meta.dirname, '../page')

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/texts.js': ['texts.js', 'text/javascript; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
} as const

/** Adds the page to try the service. It loads nothing from elsewhere. */
export function addPage(app: App): void {
  for (const [path, [name, type]] of Object.entries(files)) {
    const body = readFileSync(join(folder, name), 'utf8')
    app.get(path, (context) =>
      context.body(body, 200, {
        'content-type': type,
        'content-security-policy': POLICY,
        'cache-control': 'no-cache',
      }),
    )
  }
}
