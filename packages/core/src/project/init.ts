import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import { type ProjectPaths, projectPaths } from '../store/paths.ts'
import { ensureStateFolder } from '../store/state-folder.ts'
import type { ProjectOptions } from './options.ts'

const STARTER = `# The pictures of this project. \`limn plan\` shows what would be done, \`limn generate\` does it.
version: 1

# local draws pictures offline, at no cost. openai requests them from a model: it requires OPENAI_API_KEY and costs money.
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

type InitResult = {
  paths: ProjectPaths
  /**
   * JSON Schema that the manifest refers to, relative to the root; `undefined` if none is
   * installed.
   */
  schema: string | undefined
}

/**
 * Writes a starter manifest. Never overwrites one.
 *
 * @throws LimnError `manifest/exists`, `store/read-only` and the like
 */
export async function initProject({
  cwd,
  manifest,
}: Pick<ProjectOptions, 'cwd' | 'manifest'>): Promise<InitResult> {
  const paths = projectPaths(cwd, manifest)
  if (existsSync(paths.manifest)) {
    throw new LimnError('manifest/exists', `${paths.manifest} already exists.`, {
      hint: 'Edit it, or name another file with -m.',
    })
  }
  const schema = findSchema(paths.root)
  await writeFileAtomic(
    paths.root,
    paths.manifest,
    schema === undefined ? STARTER : `${schemaLine(schema)}\n${STARTER}`,
  )
  await ensureStateFolder(paths.state)
  return { paths, schema }
}

/** Returns the comment that tells editors where the schema of the manifest is. */
export function schemaLine(path: string): string {
  return `# yaml-language-server: $schema=${path}`
}

/**
 * Finds the schema of the installed package, relative to `root` with `/`, in the nearest
 * `node_modules` that has it.
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
