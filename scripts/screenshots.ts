/*
 * Takes screenshots to review by eye: of the contact sheet, the terminal and the documentation site.
 *
 *     npx pnpm@12 screenshots [sheet | terminal | site] [ARGUMENT …]
 *
 * Without an argument it takes all of them. Each prints the folder of its pictures.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const scripts: Readonly<Record<string, string>> = {
  sheet: 'packages/contact-sheet/scripts/screenshots.ts',
  terminal: 'packages/core/scripts/terminal/shoot.ts',
  site: 'fixtures/site.ts',
}

const [kind, ...args] = process.argv.slice(2)
const chosen = kind === undefined ? Object.keys(scripts) : [kind]
for (const name of chosen) {
  const script = scripts[name]
  if (script === undefined) {
    throw new Error(
      `There are no screenshots of "${name}", only of ${Object.keys(scripts).join(', ')}.`,
    )
  }
  if (name === 'site' && !existsSync(join(root, 'docs/.vitepress/dist'))) {
    throw new Error('The site is not built yet: run `npx pnpm@12 run docs` first.')
  }
  const { status } = spawnSync(process.execPath, ['--no-warnings', join(root, script), ...args], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
