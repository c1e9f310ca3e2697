import { resolve } from 'node:path'
import { didYouMean } from '@limn/core/for-vite'
import type { ResolvedConfig, Rolldown } from 'vite'
import type { Context, ProjectState } from '../context.ts'
import { formatPlace, locateText, placeAt, type TextPlace } from '../errors/locate-slice.ts'
import { parseReference } from '../references/module-id.ts'
import { decodeUri } from '../references/urls.ts'
import { publicTexts } from './public-texts.ts'

type Bundle = Rolldown.OutputBundle
type File = Bundle[string]

/** Matches a reference in code and data. */
const REFERENCES = /(?<![\p{L}\p{N}_:@/-])limn:([\p{L}\p{N}_][^\s"'`()<>{},;$\\?#]*(?<![@.:!]))/gu
/** Matches the modules that become the styles of a build. */
const STYLES = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss|vue|svelte|astro)(?:$|\?)/
/** Matches the files of a build that are text. Pages are checked when they are transformed. */
const TEXTS = /\.(?:[cm]?js|css|json|webmanifest|svg|xml|txt|md)$/

/** A build whose files are searched. */
export type BuiltFiles = {
  bundle: Bundle
  /** Returns the ids of all modules of the build. */
  moduleIds(): Iterable<string>
  /** Whether the build copies the public files. */
  hasPublicFiles: boolean
}

/**
 * Warns once of each reference that the files of a build contain although Limn does not replace it
 * there, such as `limn:hero` in a string of JavaScript. Other `limn:…` texts are left alone.
 */
export async function reportUnreplaced(context: Context, files: BuiltFiles): Promise<void> {
  const { config } = context
  for (const file of Object.values(files.bundle)) {
    const text = textOf(file)
    if (text === undefined || !text.includes('limn:')) continue
    await reportIn(context, text, (written, at) =>
      locateIn(config, file, { text, written, at, moduleIds: files.moduleIds }),
    )
  }
  if (!files.hasPublicFiles || context.state === undefined) return
  for (const { path, text } of publicTexts(config)) {
    await reportIn(context, text, (_, at) => placeAt(path, text, at))
  }
}

/** Warns of the references in one text. */
async function reportIn(
  context: Context,
  text: string,
  placeOf: (written: string, at: number) => TextPlace,
): Promise<void> {
  for (const match of text.matchAll(REFERENCES)) {
    const state = await stateOf(context)
    if (state === undefined) return
    const [written, name] = [match[0], decodeUri(match[1]!)]
    if (!isMeant(state, name)) continue
    const place = formatPlace(context, placeOf(written, match.index))
    context.log.warnOnce(
      `[limn] ${place} Limn does not replace "${written}" here, so the build contains it as it is. Import the picture: import url from 'virtual:limn/${name}?url'.`,
    )
  }
}

function textOf(file: File): string | undefined {
  if (file.type === 'chunk') return file.code
  if (!TEXTS.test(file.fileName)) return undefined
  return typeof file.source === 'string' ? file.source : Buffer.from(file.source).toString()
}

/** Reads the project's state; `undefined` if that fails, which is reported elsewhere. */
async function stateOf(context: Context): Promise<ProjectState | undefined> {
  return context.requireState().catch(() => undefined)
}

/** Returns whether a text names an asset of the project, or hardly anything else. */
function isMeant({ assetByName, snapshot }: ProjectState, text: string): boolean {
  const { asset } = parseReference(text)
  if (assetByName.has(asset)) return true
  if (snapshot.manifest.assets.some(({ family }) => family === asset)) return true
  return didYouMean(asset, assetByName.keys()) !== undefined
}

/** A reference in a file of the build. */
type Found = { text: string; written: string; at: number; moduleIds: () => Iterable<string> }

/** Finds the place in the sources that a reference comes from; else returns that in the build. */
function locateIn(
  { root, build }: ResolvedConfig,
  file: File,
  { text, written, at, moduleIds }: Found,
): TextPlace {
  for (const source of sourcesOf(root, file, { written, moduleIds })) {
    const place = locateText(source, written)
    if (place !== undefined) return place
  }
  return placeAt(resolve(root, build.outDir, file.fileName), text, at)
}

/** Returns the files that a file of the build was made from, as far as they are known. */
function sourcesOf(
  root: string,
  file: File,
  { written, moduleIds }: Pick<Found, 'written' | 'moduleIds'>,
): string[] {
  if (file.type === 'chunk') {
    return Object.entries(file.modules)
      .filter(([, { code }]) => code?.includes(written) === true)
      .map(([id]) => withoutQuery(id))
  }
  const named = file.originalFileNames.map((name) => resolve(root, name))
  if (!file.fileName.endsWith('.css')) return named
  return [...[...moduleIds()].filter((id) => STYLES.test(id)).map(withoutQuery), ...named]
}

function withoutQuery(id: string): string {
  return id.replace(/[?#].*$/, '')
}
