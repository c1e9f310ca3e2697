import { cutFile } from '../build/emit.ts'
import type { Context } from '../context.ts'
import { parseReference, splitQuery } from '../references/module-id.ts'
import { mainOutput } from '../references/picture.ts'
import { see } from '../references/resolve-reference.ts'
import { getWanted } from '../wanted.ts'
import { rememberStyle, styleUrl } from './dev-styles.ts'
import { locateInStyles, toStyleError } from './locate-error.ts'
import { nameFile } from './named-copy.ts'

/**
 * What a style's URL leads to: in a build the finished file, in dev the path at which the dev
 * server has it.
 */
export async function resolveInStyle(
  context: Context,
  name: string,
  importer: string | undefined,
): Promise<string> {
  const [path, query] = splitQuery(name)
  const { config } = context
  try {
    const state = await context.ready()
    const reference = parseReference(path)
    if (config.command === 'serve' && !query.has('inline')) {
      const url = styleUrl(context, state, reference)
      rememberStyle(context, config.root, reference, url)
      return `${config.root}/${url}`
    }
    const { asset, outputs, entry } = see(state, reference)
    const wanted = getWanted(state, asset.name, mainOutput(outputs).file)
    const files = await context.files()
    const file =
      config.command === 'serve' && entry === undefined
        ? await files.draft(wanted.asset, wanted.output)
        : await cutFile(context, wanted)
    const suffix = ['inline', 'no-inline'].find((key) => query.has(key))
    return `${await nameFile(context, wanted, file)}${suffix === undefined ? '' : `?${suffix}`}`
  } catch (error) {
    context.isBroken = true
    const where =
      importer === undefined
        ? undefined
        : locateInStyles(config.root, importer, [`~limn/${path}`, `limn:${path}`])
    throw toStyleError(error, context.project.paths.root, where)
  }
}
