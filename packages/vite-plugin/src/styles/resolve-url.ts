import { mainOutput } from '@limn/core/for-vite'
import { readFinal } from '../build/emit.ts'
import type { Context, ProjectState } from '../context.ts'
import { getOutput } from '../references/lookup.ts'
import { parseReference, type Reference, splitQuery } from '../references/module-id.ts'
import { resolveReference } from '../references/resolve-reference.ts'
import { serveInStyle } from './dev-styles.ts'
import { locateInStyles, toStyleError } from './locate-error.ts'
import { writeNamedCopy } from './named-copy.ts'

/**
 * Resolves the URL of a reference in a style: in dev, to the path that the dev server serves; in a
 * build and for `?inline`, to a file.
 *
 * @param name reference with or without a query, `hero@card.webp?inline`
 * @param importer path of the style
 * @returns absolute path with `/`, followed by `?inline` or `?no-inline` if `name` has it
 * @throws Error in Vite's shape
 */
export async function resolveStyleUrl(
  context: Context,
  name: string,
  importer: string | undefined,
): Promise<string> {
  const [path, query] = splitQuery(name)
  const { config } = context
  try {
    const state = await context.requireState()
    const reference = parseReference(path)
    if (config.command === 'serve' && !query.has('inline')) {
      return serveInStyle(context, state, reference)
    }
    const file = await writeFileFor(context, state, reference)
    const suffix = ['inline', 'no-inline'].find((key) => query.has(key))
    return suffix === undefined ? file : `${file}?${suffix}`
  } catch (error) {
    context.mayShowError = true
    const location =
      importer === undefined
        ? undefined
        : locateInStyles(config.root, importer, [`~limn/${path}`, `limn:${path}`])
    throw toStyleError(error, context.project.paths.root, location)
  }
}

/** Writes the file of a reference: the final one, or in dev the draft of an image that is missing. */
async function writeFileFor(
  context: Context,
  state: ProjectState,
  reference: Reference,
): Promise<string> {
  const { asset, outputs, entry } = resolveReference(state, reference)
  const found = getOutput(state, { asset: asset.name, file: mainOutput(outputs).file })
  const service = await context.loadOutputService()
  const file =
    context.config.command === 'serve' && entry === undefined
      ? await service.draft(found.asset, found.output)
      : await readFinal(context, found)
  return writeNamedCopy(context, found, file)
}
