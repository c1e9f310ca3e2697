import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { LimnError } from '../../errors.ts'
import { projectPaths } from '../../store/paths.ts'
import { ensureStateFolder } from '../../store/state-folder.ts'
import type { CommandContext } from '../command.ts'
import { text } from '../project-options.ts'

const STARTER = `# The pictures of this project. \`limn plan\` shows what would be done, \`limn generate\` does it.
version: 1

# local draws offline and free. openai asks a model: it needs OPENAI_API_KEY, and costs money.
provider: local
# defaults: { model: gpt-image-2.5-flare, quality: medium }

styles:
  brand:
    prepend: Flat vector illustration.
    append: Warm palette, generous white space.
    avoid: text, watermark

assets:
  hero:
    prompt: A lighthouse at dawn over a calm sea
    style: brand
    alt: A lighthouse at dawn
    outputs: [og, { preset: card, widths: [400, 800] }]
`

/** `limn init`: a manifest to start from. Never writes over one. */
export async function run({ cwd, options, output }: CommandContext): Promise<number> {
  const paths = projectPaths(cwd, text(options['manifest']))
  if (existsSync(paths.manifest)) {
    throw new LimnError('manifest/exists', `${paths.manifest} is already there.`, {
      hint: 'Edit it, or name another file with -m.',
    })
  }
  const schema = findSchema(paths.root)
  await writeFileAtomic(
    paths.manifest,
    schema === undefined ? STARTER : `${schemaLine(schema)}\n${STARTER}`,
  )
  await ensureStateFolder(paths.state)
  output.event({ type: 'initialized', manifest: paths.manifest, schema: schema ?? null })
  output.line(
    `Wrote ${relative(cwd, paths.manifest)}. Next:\n  limn plan       what would be done\n  limn generate   do it`,
  )
  if (schema !== undefined) return 0
  output.line()
  output.line(
    output.paint(
      'dim',
      `For completion in editors: \`limn schema > images.schema.json\`, and on top of ${paths.shownManifest}\n${schemaLine('./images.schema.json')}`,
    ),
  )
  return 0
}

/** The comment that tells editors where the schema of the manifest is. */
function schemaLine(path: string): string {
  return `# yaml-language-server: $schema=${path}`
}

/**
 * The schema of the installed package, relative to the manifest's folder, with `/`; `undefined`
 * where none lies in any `node_modules` above.
 */
function findSchema(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', '@limn', 'core', 'images.schema.json')
    if (existsSync(file)) {
      return relative(root, file)
        .replaceAll('\\', '/')
        .replace(/^(?!\.)/, './')
    }
    if (folder === dirname(folder)) return undefined
  }
}
