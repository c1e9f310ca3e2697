import type { OutputFile } from '../manifest-file.ts'
import type { Output } from '../manifest.ts'
import { explainFont, type Overlay, overlayFiles, parsePackageFont } from '../overlay.ts'
import type { Path } from '../parse/path.ts'
import { isOfRows } from '../resolve/expand-each-rows.ts'
import { MAX_EACH } from '../resolve/expand-each.ts'
import { pathOfField } from './field-path.ts'
import { leavesRoot } from './leaves-root.ts'
import type { Checked, Report } from './rule.ts'

/** Largest output with an overlay, pixels: it is drawn in memory. */
const MAX_PIXELS = 40_000_000

type Wording = { message: string; hint: string }

/** What can be wrong with an overlay; only the first mistake of an asset is reported. */
const checks: readonly ((output: Output, overlay: Overlay) => Wording | undefined)[] = [
  ({ preset }, { problem }) =>
    problem === undefined
      ? undefined
      : {
          message: `The overlay of "${preset}" can't be drawn: ${problem}`,
          hint: 'Add it, or correct the overlay.',
        },
  ({ preset }, { text, template }) =>
    template === null && text?.trim() === ''
      ? {
          message: `The overlay of "${preset}" has no text.`,
          hint: 'Write `text`, or name an HTML file as its `template`.',
        }
      : undefined,
  ({ file, format }) =>
    format === 'svg'
      ? {
          message: `${file} can't have an overlay: it is an SVG, which Limn does not draw on.`,
          hint: 'Write `formats: [webp]` or another format of pixels.',
        }
      : undefined,
  ({ file, width, height, fit }) =>
    fit !== 'inside' && width * height > MAX_PIXELS
      ? {
          message: `${file} is too large for an overlay: ${width}x${height} px.`,
          hint: `Make it smaller than ${MAX_PIXELS / 1e6} megapixels.`,
        }
      : undefined,
  (_, { fonts }) => {
    const font = fonts.find((each) => explainFont(each) !== undefined)
    return font === undefined
      ? undefined
      : {
          message: `The font "${font}" ${explainFont(font)}.`,
          hint: 'Name a file, such as fonts/Inter.woff2, or a package, such as @fontsource/inter.',
        }
  },
  (_, overlay) => {
    const path = overlayFiles(overlay).find(
      (each) => parsePackageFont(each) === undefined && leavesRoot(each),
    )
    return path === undefined
      ? undefined
      : {
          message: `The files of an overlay must be inside the project, but "${path}" is not.`,
          hint: 'Copy the file into the project, and write its path relative to the manifest.',
        }
  },
]

/** Finds overlays that can't be drawn, as far as the manifest tells. */
export function checkOverlays(checked: Checked, report: Report): void {
  for (const asset of checked.manifest.assets) {
    const found = asset.outputs
      .flatMap((output) => {
        const { overlay } = output
        return overlay === undefined ? [] : checks.map((check) => check(output, overlay))
      })
      .find((wording) => wording !== undefined)
    if (found === undefined) continue
    report({ code: 'overlay', path: pathOfField(checked, asset, 'outputs'), part: 'key', ...found })
  }
}

/** Finds outputs whose `each` has more combinations than a picture can have files. */
export function checkEach({ file, scopes }: Checked, report: Report): void {
  const check = (each: Record<string, unknown[]> | undefined, path: Path): void => {
    const count = Object.values(each ?? {}).reduce((product, { length }) => product * length, 1)
    if (count <= MAX_EACH) return
    report({
      code: 'overlay',
      path: [...path, 'each'],
      message: `\`each\` has ${count.toLocaleString('en')} combinations; the limit is ${MAX_EACH.toLocaleString('en')}.`,
      hint: 'Remove values from its lists.',
    })
  }
  for (const [name, { each }] of Object.entries(file.presets ?? {})) check(each, ['presets', name])
  const checkAll = (outputs: readonly OutputFile[] = [], path: Path): void => {
    for (const [index, entry] of outputs.entries()) {
      if (typeof entry !== 'string' && !isOfRows(entry.each)) check(entry.each, [...path, index])
    }
  }
  for (const { own, path } of scopes) checkAll(own.outputs, [...path, 'defaults', 'outputs'])
  for (const [name, { outputs }] of Object.entries(file.assets)) {
    checkAll(outputs, ['assets', name, 'outputs'])
  }
}
