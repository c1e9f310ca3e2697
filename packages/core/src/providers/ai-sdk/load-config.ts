import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LimnConfig, SdkImageModel, SdkLanguageModel } from '../../config.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { realPathInside } from '../../disk/open-inside.ts'
import { readIfExists } from '../../disk/read-errors.ts'
import { statInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { isObject } from '../../is-object.ts'
import { redactKeys } from '../http/redact-keys.ts'

const FILE_NAMES = [
  'limn.config.ts',
  'limn.config.mts',
  'limn.config.js',
  'limn.config.mjs',
] as const

/** A config, with the name of its file. */
export type LoadedConfig = Required<LimnConfig> & { file: string }

/** The file of a config and its time of change, ms since 1970. */
type ConfigFile = { name: string; mtimeMs: number }

/**
 * Finds `limn.config.ts` (or .mts, .js, .mjs) without running it.
 *
 * @param root folder of the manifest, absolute
 * @throws LimnError `config/not-found`; `store/outside` if it is a link that leads out of the
 *   project
 */
export function findConfig(root: string): ConfigFile {
  const found = FILE_NAMES.map((name) => ({ name, stat: statFollowing(root, name) })).find(
    ({ stat }) => stat?.isFile() === true,
  )
  if (found === undefined) {
    throw new LimnError(
      'config/not-found',
      'The provider uses models of the AI SDK, but there is no limn.config.ts next to the manifest.',
      {
        hint: "Create it with `export default defineConfig({ imageModels: { NAME: fal.image('…') } })`, importing defineConfig from '@limn/core'.",
      },
    )
  }
  return { name: found.name, mtimeMs: found.stat!.mtimeMs }
}

/** Stats a file at the end of links; `undefined` if it is missing. @throws LimnError `store/outside` */
function statFollowing(root: string, name: string): Stats | undefined {
  const real = readIfExists(name, () => realPathInside(root, name))
  return real === undefined ? undefined : statInside(root, real)
}

/**
 * Loads `limn.config.ts`, which runs as code: the user must have agreed.
 *
 * @param root folder of the manifest, absolute
 * @throws LimnError `config/not-found`, `config/invalid`
 */
export async function loadConfig(root: string): Promise<LoadedConfig> {
  const { name, mtimeMs } = findConfig(root)
  // The query makes a changed file another module, so that a dev server loads its new content.
  const config = readConfig(
    name,
    await load(`${pathToFileURL(join(root, name)).href}?v=${mtimeMs}`, name),
  )
  const { imageModels = {}, judgeModels = {}, batchProviders = [] } = config
  return { file: name, imageModels, judgeModels, batchProviders }
}

/**
 * Returns the image model with a name.
 *
 * @throws LimnError `config/invalid`
 */
export function findImageModel(name: string, { imageModels, file }: LoadedConfig): SdkImageModel {
  if (Object.hasOwn(imageModels, name)) return imageModels[name]!
  throw unknownModel(name, { file, key: 'imageModels', kind: 'image model' }, imageModels)
}

/**
 * Returns the model of the judge with a name.
 *
 * @throws LimnError `config/invalid`
 */
export function findJudgeModel(
  name: string,
  { judgeModels, file }: LoadedConfig,
): SdkLanguageModel {
  if (Object.hasOwn(judgeModels, name)) return judgeModels[name]!
  throw unknownModel(name, { file, key: 'judgeModels', kind: 'model of the judge' }, judgeModels)
}

function unknownModel(
  name: string,
  { file, key, kind }: { file: string; key: ModelsKey; kind: string },
  models: object,
): LimnError {
  const known = Object.keys(models)
  const others = known.length === 0 ? '' : `, or set \`model\` to one of ${known.join(', ')}`
  return new LimnError('config/invalid', `${file} has no ${kind} "${name}".`, {
    hint: didYouMean(name, known) ?? `Add it to \`${key}\`${others}.`,
  })
}

/** The keys of a config that list models. */
type ModelsKey = 'imageModels' | 'judgeModels'

async function load(url: string, name: string): Promise<unknown> {
  try {
    return ((await import(/* @vite-ignore */ url)) as { default?: unknown }).default
  } catch (error) {
    const prefix = error instanceof Error && error.name !== 'Error' ? `${error.name}: ` : ''
    const message = error instanceof Error ? `${prefix}${error.message}` : String(error)
    throw new LimnError(
      'config/invalid',
      `${name} failed to load: ${redactKeys(message, '').replace(/\.?$/, '.')}`,
      { hint: `Run \`node ${name}\` to see the location of the error.`, cause: error },
    )
  }
}

function readConfig(name: string, config: unknown): LimnConfig {
  if (!isObject(config)) {
    throw invalid(
      `The default export of ${name} is not a config object.`,
      'Write `export default defineConfig({ imageModels: { … } })`.',
    )
  }
  checkModels(config, { key: 'imageModels', kind: 'an image model', example: 'fal.image' }, name)
  checkModels(config, { key: 'judgeModels', kind: 'a language model', example: 'openai' }, name)
  checkBatchProviders(config['batchProviders'], name)
  return config as LimnConfig
}

function invalid(message: string, hint: string): LimnError {
  return new LimnError('config/invalid', message, { hint })
}

function checkModels(
  config: Record<string, unknown>,
  { key, kind, example }: { key: ModelsKey; kind: string; example: string },
  name: string,
): void {
  const models = config[key] ?? {}
  if (!isObject(models)) {
    throw invalid(
      `\`${key}\` in ${name} is not an object.`,
      `Write \`${key}: { NAME: ${example}('…') }\`.`,
    )
  }
  for (const [id, model] of Object.entries(models)) {
    if (
      typeof model === 'string' ||
      (isObject(model) && typeof model['doGenerate'] === 'function')
    ) {
      continue
    }
    throw invalid(
      `"${id}" in ${name} is not ${kind} of the AI SDK.`,
      `Use the result of a provider's ${key === 'imageModels' ? '`image(…)`' : 'function'}, such as \`${example}('…')\`.`,
    )
  }
}

function checkBatchProviders(providers: unknown, name: string): void {
  if (providers === undefined) return
  if (
    Array.isArray(providers) &&
    providers.every(
      (each: unknown) => (isObject(each) || typeof each === 'function') && hasBatchFactory(each),
    )
  ) {
    return
  }
  throw invalid(
    `\`batchProviders\` in ${name} is not a list of AI SDK providers with batches.`,
    "Write `batchProviders: [google]`, with the provider of '@ai-sdk/google' or '@ai-sdk/xai' in its latest version.",
  )
}

function hasBatchFactory(provider: object): boolean {
  return typeof (provider as { experimental_batch?: unknown }).experimental_batch === 'function'
}
