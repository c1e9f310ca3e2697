import { join, relative } from 'node:path'
import { codeFrame, type Diagnostic } from '../diagnostic.ts'
import { didYouMean } from '../did-you-mean.ts'
import { sha256 } from '../digest.ts'
import { findPackage } from '../disk/find-package.ts'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { readStamp, type Stamp } from '../disk/stamps.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import { type Overlay, overlayFiles, parsePackageFont } from '../manifest/overlay.ts'
import { fillTemplate } from '../manifest/resolve/fill-template.ts'
import type { Inventory } from '../plan/inventory.ts'

/** Largest template, characters. */
const MAX_TEMPLATE = 256 * 1024

type OverlayFilesOptions = {
  /** Of the project, absolute. */
  root: string
  sources: Inventory['sources']
  /** Receives what overlays depend on beside the sources, relative to the root. */
  onDependency: (path: string, stamp: Stamp) => void
}

/**
 * Reads what the overlays of some assets are made from: the digests of their files, the versions of
 * packages, and their templates, which are filled in.
 *
 * @throws ManifestError for a package that is not installed, and a template with a mistake
 */
export function withOverlayFiles(assets: readonly Asset[], options: OverlayFilesOptions): Asset[] {
  const reader = createReader(options)
  const all = assets.map((asset) =>
    asset.outputs.some(({ overlay }) => overlay !== undefined)
      ? { ...asset, outputs: asset.outputs.map((output) => reader.complete(asset, output)) }
      : asset,
  )
  if (reader.mistakes.size > 0) throw new ManifestError([...reader.mistakes.values()])
  return all
}

type Reader = {
  complete(asset: Asset, output: Output): Output
  mistakes: ReadonlyMap<string, Diagnostic>
}

/** Creates a reader that reads each package and each template once. */
function createReader({ root, sources, onDependency }: OverlayFilesOptions): Reader {
  const mistakes = new Map<string, Diagnostic>()
  const versionByPackage = new Map<string, string | null>()
  const textByTemplate = new Map<string, string>()
  const versionOf = (name: string, asset: Asset): string | null => {
    let version = versionByPackage.get(name)
    if (version === undefined) {
      const found = findPackage(name, root)
      const file = join(found?.folder ?? join(root, 'node_modules', name), 'package.json')
      onDependency(relative(root, file), readStamp(file))
      version = found === undefined ? null : `${name} ${found.version}`
      versionByPackage.set(name, version)
    }
    if (version === null && !mistakes.has(name)) mistakes.set(name, missingPackage(name, asset))
    return version
  }
  const templateOf = (path: string): string => {
    const known = textByTemplate.get(path)
    if (known !== undefined) return known
    const text = readTextInside(root, path, maxBytes.text).replaceAll('\r\n', '\n')
    textByTemplate.set(path, text)
    return text
  }
  const complete = (asset: Asset, output: Output): Output => {
    const { overlay } = output
    if (overlay === undefined) return output
    const digests = overlayFiles(overlay).map((path) => {
      const font = parsePackageFont(path)
      if (font !== undefined) return versionOf(font.name, asset)
      return path === overlay.template
        ? sha256(templateOf(path))
        : (sources.get(path)?.sha256 ?? null)
    })
    if (overlay.template === null) return { ...output, overlay: { ...overlay, digests } }
    const text = templateOf(overlay.template)
    const mistake = findMistake(text, overlay)
    if (mistake !== undefined) mistakes.set(`${overlay.template} ${mistake.message}`, mistake)
    const html = fillTemplate(text, escaped(overlay.values)).text
    return { ...output, overlay: { ...overlay, digests, html } }
  }
  return { complete, mistakes }
}

function missingPackage(name: string, { place }: Asset): Diagnostic {
  return {
    code: 'manifest/missing-package',
    severity: 'error',
    message: `The package ${name}, which an overlay takes its font from, is not installed.`,
    hint: `Run \`npm install --save-dev ${name}\`.`,
    place,
  }
}

/** Finds a variable of a template that is not defined, and a template that is too long. */
function findMistake(text: string, { template, values }: Overlay): Diagnostic | undefined {
  const file = template!
  const start = { file, line: 1, column: 1, length: 1 }
  const severity = 'error' as const
  if (text.length > MAX_TEMPLATE) {
    const message = `The template has ${text.length.toLocaleString('en')} characters; the limit is ${MAX_TEMPLATE.toLocaleString('en')}.`
    const hint = 'Name its pictures in `files` in place of embedding them.'
    return { code: 'manifest/template', severity, message, hint, place: start }
  }
  const [name] = fillTemplate(text, values).unknown
  if (name === undefined) return undefined
  const at =
    [...text.matchAll(/\{\{\s*#?\s*([^{}]*?)\s*\}\}/g)].find((found) => found[1] === name)?.index ??
    0
  const before = text.slice(0, at).split('\n')
  const length = text.slice(at).indexOf('}}') + 2
  const place = { file, line: before.length, column: before.at(-1)!.length + 1, length }
  return {
    code: 'manifest/unknown-variable',
    severity,
    message: `{{${name}}} is not defined.`,
    hint:
      didYouMean(name, Object.keys(values)) ??
      `Define \`${name}\` in \`vars\` of the overlay, the asset or the manifest.`,
    place,
    frame: codeFrame(text, place),
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escapes values for an HTML file. */
function escaped(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value.replace(/[&<>"']/g, (character) => entities[character]!),
    ]),
  )
}
