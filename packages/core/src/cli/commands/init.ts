import { existsSync } from 'node:fs'
import { LimnError } from '../../errors.ts'
import { writeFileAtomic } from '../../store/atomic.ts'
import { projectPaths } from '../../store/paths.ts'
import { ensureStateFolder } from '../../store/state.ts'
import type { CommandContext } from '../command.ts'
import { text } from '../options.ts'

const STARTER = `# yaml-language-server: $schema=./node_modules/@limn/core/images.schema.json
# The pictures of this project. \`limn plan\` shows what would be done, \`limn generate\` does it.
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

/** \`limn init\`: a manifest to start from. Never writes over one. */
export async function run({ cwd, options, output }: CommandContext): Promise<number> {
  const paths = projectPaths(cwd, text(options['manifest']))
  if (existsSync(paths.manifest)) throw new LimnError('manifest/exists', `${paths.manifest} is already there.`, { hint: 'Edit it, or name another file with -m.' })
  await writeFileAtomic(paths.manifest, STARTER)
  await ensureStateFolder(paths.state)
  output.event({ type: 'initialized', manifest: paths.manifest })
  output.line(`Wrote ${paths.manifest}. Next:\n  limn plan       what would be done\n  limn generate   do it`)
  return 0
}
