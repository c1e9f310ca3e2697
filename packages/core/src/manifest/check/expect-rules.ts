import { didYouMean } from '../../did-you-mean.ts'
import { findModel } from '../../models/models.ts'
import type { ExpectationName } from '../expectations.ts'
import type { AssetFile } from '../manifest-file.ts'
import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { flattenStyles, namesOf } from '../resolve/styles.ts'
import type { Checked, Report } from './rule.ts'

/*
 * What pictures are expected to be, and who examines it.
 */

/** Finds pictures to compare with that no asset has. */
export function checkComparedAssets(checked: Checked, report: Report): void {
  const { manifest } = checked
  if (manifest.assets.every(({ expect }) => expect === null)) return
  const names = new Set(manifest.assets.map(({ name }) => name))
  const reportOnce = once(report)
  for (const asset of manifest.assets) {
    for (const test of ['unlike', 'like'] as const) {
      for (const [index, target] of (asset.expect?.[test] ?? []).entries()) {
        const path = pathOfText(asset, { test, index, target }, checked)
        if (target === asset.name && test === 'unlike') {
          reportOnce({
            code: 'circle',
            path,
            message: `"${target}" can't be unlike itself.`,
            hint: 'Name another asset.',
          })
        } else if (!names.has(target)) {
          reportOnce({
            code: 'unknown-asset',
            path,
            message: `There is no asset "${target}" to compare the picture with.`,
            hint: didYouMean(target, names) ?? 'Name an asset of the manifest.',
          })
        }
      }
    }
  }
}

/** Finds `attempts` and `pick` that have nothing to go by. */
export function checkAttempts({ file, manifest }: Checked, report: Report): void {
  const withoutTests = new Set(
    manifest.assets.flatMap(({ key, expect }) => (expect === null ? [key] : [])),
  )
  for (const [name, { attempts, pick, candidates = 1, source }] of Object.entries(file.assets)) {
    const reportKey = (key: 'attempts' | 'pick', message: string, hint: string): void =>
      report({ code: 'attempts', path: ['assets', name, key], part: 'key', message, hint })
    for (const [key, value] of Object.entries({ attempts, pick })) {
      if (value === undefined || !withoutTests.has(name)) continue
      reportKey(
        key as 'attempts' | 'pick',
        `\`${key}\` has no effect on a picture that expects nothing.`,
        'Add `expect:` with what the picture must be.',
      )
    }
    if (attempts !== undefined && source !== undefined) {
      reportKey('attempts', 'A picture with a `source` is not requested.', 'Remove `attempts`.')
    }
    if (pick !== undefined && candidates === 1) {
      reportKey('pick', '`pick` has no effect on a single candidate.', 'Add `candidates: 3`.')
    }
  }
}

/** Finds tests that no picture of its kind can pass. */
export function checkPossibleTests(checked: Checked, report: Report): void {
  const reportOnce = once(report)
  for (const asset of checked.manifest.assets) {
    if (asset.expect?.transparent !== true) continue
    const why = whyOpaque(asset, checked)
    if (why === undefined) continue
    reportOnce({
      code: 'expect',
      path: pathOfTest(asset, 'transparent', checked),
      part: 'key',
      message: `"${asset.name}" can't be transparent: ${why}.`,
      hint: 'Remove `transparent`, or write `transparent: false` on the asset.',
    })
  }
}

/** Why a picture has no transparent background; `undefined` if it may have one. */
function whyOpaque(asset: Asset, { manifest }: Checked): string | undefined {
  const { source, background, format, model } = asset
  if (source !== null) {
    return /\.jpe?g$/i.test(source.path) ? 'its `source` is a JPEG' : undefined
  }
  if (format === 'jpeg') return 'its `format` is jpeg'
  if (background === 'opaque') return 'its `background` is opaque'
  if (findModel(model, manifest.models)?.transparent === false) {
    return `${model} has no transparent background`
  }
  return undefined
}

/** Returns where a test of an asset is written: at the asset, in a style or in `defaults`. */
function pathOfTest(
  { key }: Pick<Asset, 'key'>,
  test: ExpectationName,
  { file, scopeOf }: Checked,
): Path {
  const own = file.assets[key]
  if (has(own?.expect, test)) return ['assets', key, 'expect', test]
  const styles = flattenStyles(namesOf(own?.style), file.styles ?? {})
  const style = styles.findLast(({ expect }) => has(expect, test))
  if (style !== undefined) return ['styles', style.name, 'expect', test]
  const scope = scopeOf(key)
  const path = has(scope.own.expect, test) ? scope.path : []
  return [...path, 'defaults', 'expect', test]
}

/** Returns where one text of a test is written. Without variables, it is written as it is. */
function pathOfText(
  asset: Asset,
  { test, index, target }: { test: 'unlike' | 'like'; index: number; target: string },
  checked: Checked,
): Path {
  const path = pathOfTest(asset, test, checked)
  const own = checked.file.assets[asset.key]?.expect
  const written = path[0] === 'assets' && own !== undefined && own !== false ? own[test] : undefined
  if (!Array.isArray(written)) return path
  const at = written.indexOf(target)
  return [...path, at < 0 ? Math.min(index, written.length - 1) : at]
}

function has(expect: AssetFile['expect'], test: ExpectationName): boolean {
  return expect !== undefined && expect !== false && expect[test] !== undefined
}

/** Reports each mistake of a place once: several assets share a style. */
function once(report: Report): Report {
  const reported = new Set<string>()
  return (problem) => {
    const key = JSON.stringify([problem.path, problem.code === 'expect' ? '' : problem.message])
    if (reported.size !== reported.add(key).size) report(problem)
  }
}
