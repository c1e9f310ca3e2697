import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LimnConfig, SdkImageModel } from '../../config.ts'
import { LimnError } from '../../errors.ts'
import { scrub } from '../http/redact-keys.ts'
import { isObject } from '../openai/read-answer.ts'

const NAMES = ['limn.config.ts', 'limn.config.mts', 'limn.config.js', 'limn.config.mjs'] as const

/** Image models of a config, with the name of the file that they come from. */
export type LoadedModels = { file: string; imageModels: Readonly<Record<string, SdkImageModel>> }

/**
 * Loads the image models of `limn.config.ts` (or .mts, .js, .mjs). It runs: it is code of the repo.
 *
 * @param root folder of the manifest, absolute
 * @throws LimnError `config/not-found`, `config/invalid`
 */
export async function loadImageModels(root: string): Promise<LoadedModels> {
  const found = NAMES.map((name) => ({
    name,
    stat: statSync(join(root, name), { throwIfNoEntry: false }),
  })).find(({ stat }) => stat?.isFile() === true)
  if (found === undefined) {
    throw new LimnError(
      'config/not-found',
      'There is no limn.config.ts beside the manifest, and the provider asks for models of the AI SDK.',
      {
        hint: "Write one: `export default defineConfig({ imageModels: { NAME: fal.image('…') } })`, with defineConfig from '@limn/core'.",
      },
    )
  }
  const { name, stat } = found
  // A changed file is another module: a dev server that goes on gets what stands in it now.
  const config = readConfig(
    name,
    await load(`${pathToFileURL(join(root, name)).href}?v=${stat!.mtimeMs}`, name),
  )
  return { file: name, imageModels: config.imageModels ?? {} }
}

async function load(url: string, name: string): Promise<unknown> {
  try {
    return ((await import(/* @vite-ignore */ url)) as { default?: unknown }).default
  } catch (error) {
    const said =
      error instanceof Error
        ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}`
        : String(error)
    throw new LimnError(
      'config/invalid',
      `${name} failed to load: ${scrub(said, '').replace(/\.?$/, '.')}`,
      { hint: `Run \`node ${name}\` to see where.`, cause: error },
    )
  }
}

function readConfig(name: string, config: unknown): LimnConfig {
  const invalid = (message: string, hint: string): LimnError =>
    new LimnError('config/invalid', message, { hint })
  if (!isObject(config)) {
    throw invalid(
      `${name} exports no config by default.`,
      'Write `export default defineConfig({ imageModels: { … } })`.',
    )
  }
  const { imageModels = {} } = config
  if (!isObject(imageModels)) {
    throw invalid(
      `\`imageModels\` in ${name} is no object.`,
      "Write `imageModels: { NAME: fal.image('…') }`.",
    )
  }
  for (const [key, model] of Object.entries(imageModels)) {
    if (
      typeof model === 'string' ||
      (isObject(model) && typeof model['doGenerate'] === 'function')
    ) {
      continue
    }
    throw invalid(
      `"${key}" in ${name} is no image model of the AI SDK.`,
      "Write what a provider's `image(…)` gives, as `fal.image('…')`.",
    )
  }
  return config as LimnConfig
}
