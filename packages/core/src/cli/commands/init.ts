import { relative } from 'node:path'
import { initProject, schemaLine } from '../../project/init.ts'
import { openProject } from '../../project/project.ts'
import type { CommandContext } from '../command.ts'
import { printWrittenTypes } from '../print-types.ts'
import { textOption } from '../project-options.ts'

/** Runs `limn init`. */
export async function run({ cwd, options, output }: CommandContext): Promise<number> {
  const { paths, schema } = await initProject({ cwd, manifest: textOption(options, 'manifest') })
  output.event({ type: 'initialized', manifest: paths.manifest, schema: schema ?? null })
  output.line(`Wrote ${relative(cwd, paths.manifest)}. Next:`)
  output.line('  `limn plan` shows what would be done')
  output.line('  `limn generate` does it')
  await printWrittenTypes(openProject({ cwd, manifest: paths.manifest }), output)
  if (schema !== undefined) return 0
  output.line()
  output.line(
    output.paint(
      'dim',
      `For completion in editors, run \`limn schema > images.schema.json\` and add this line at the top of ${paths.shownManifest}:`,
    ),
  )
  output.line(output.paint('dim', schemaLine('./images.schema.json')))
  return 0
}
