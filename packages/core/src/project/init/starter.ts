import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const HEAD = `# The pictures of this project. \`limn plan\` shows what would be done, \`limn generate\` does it.
version: 1
`

const STARTER = `${HEAD}
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

/** Returns the text of a first manifest. `schema` is the path of its JSON Schema, if there is one. */
export function starterManifest(schema: string | undefined): string {
  return schema === undefined ? STARTER : `${schemaLine(schema)}\n${STARTER}`
}

/** Returns the text of a manifest without assets. `schema` is as for `starterManifest`. */
export function emptyManifest(schema: string | undefined): string {
  return `${schema === undefined ? '' : `${schemaLine(schema)}\n`}${HEAD}\nassets:\n`
}

/** Returns the comment that tells editors where the schema of the manifest is. */
export function schemaLine(path: string): string {
  return `# yaml-language-server: $schema=${path}`
}

/**
 * Finds the schema of the installed package, relative to `root` with `/`, in the nearest
 * `node_modules` that has it.
 */
export function findSchema(root: string): string | undefined {
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
