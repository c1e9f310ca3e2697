/*
 * Writes what the site shows of the code, and generates its pictures: `reference/` (commands,
 * manifest keys, presets, styles, models, errors, changelog). git ignores both.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openProject } from '@limn/core'
import { commandsPage } from './commands-page.ts'
import { errorsPage } from './errors-page.ts'
import { manifestPage } from './manifest-page.ts'
import { modelsPage } from './models-page.ts'
import { presetsPage, stylesPage } from './presets-page.ts'

const docs = join(import.meta.dirname, '..')
const pages = {
  commands: commandsPage(),
  manifest: await manifestPage(),
  presets: presetsPage(),
  styles: stylesPage(),
  models: modelsPage(),
  errors: errorsPage(),
  changelog: readFileSync(join(docs, '../packages/core/CHANGELOG.md'), 'utf8'),
}
mkdirSync(join(docs, 'reference'), { recursive: true })
for (const [name, text] of Object.entries(pages)) {
  writeFileSync(join(docs, 'reference', `${name}.md`), text)
}

const { failed } = await openProject({ cwd: docs }).generate({ freeOnly: true })
if (failed.length > 0) throw failed[0]!.error
