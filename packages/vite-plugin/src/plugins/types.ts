import { existsSync, readFileSync } from 'node:fs'
import { isPictureSelector, selectorsOf, writeFileAtomic } from '@limn/core/internal'
import type { Plugin } from 'vite'
import { type Context, type ContextHandle, type State, typesPath } from '../context.ts'

/** Writes `limn.d.ts` in a build, so that a type check after it knows every picture. */
export function typesPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:types',
    apply: 'build',
    async buildEnd() {
      await writeTypes(handle.get())
    },
  }
}

/** Writes the types of every picture module, where they have changed. */
export async function writeTypes(context: Context): Promise<void> {
  const path = typesPath(context)
  if (path === undefined || context.state === undefined) return
  const text = renderTypes(context.state, context.project.paths.shownManifest)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  await writeFileAtomic(path, text).catch((error: unknown) => {
    context.config.logger.warn(`[limn] ${error instanceof Error ? error.message : String(error)}`)
  })
}

/** The text of `limn.d.ts`: one ambient module an asset, and one for each thing that can stand behind its `@`. */
export function renderTypes({ snapshot }: State, manifest: string): string {
  const blocks = snapshot.manifest.assets.flatMap((asset, index, all) => {
    const names = asset.family === null ? [asset.name] : [asset.name, asset.family]
    const selected = names.flatMap((name) => selectorsOf(asset).map((selector) => declare(`${name}@${selector}`, isPictureSelector(asset, selector) ? 'Picture' : 'string')))
    // Of several shapes the first stands for them all.
    const isFirst = all.findIndex(({ family }) => family === asset.family) === index
    return [...(isFirst || asset.family === null ? names : [asset.name]).map((name) => declare(name, 'Picture')), ...selected]
  })
  return `// Written by @limn/vite-plugin from ${manifest}: changes here are lost.\n/* eslint-disable */\n\n${blocks.join('\n')}`
}

function declare(id: string, type: 'Picture' | 'string'): string {
  const name = type === 'Picture' ? 'picture' : 'url'
  const written = type === 'Picture' ? "import('@limn/vite-plugin').Picture" : 'string'
  return `declare module ${JSON.stringify(`virtual:limn/${id}`)} {\n  const ${name}: ${written}\n  export default ${name}\n}\n`
}
