import type { ExpectationName, Expectations } from '../expectations.ts'
import type { AssetFile, DefaultsFile, ExpectFile } from '../manifest-file.ts'
import type { Asset } from '../manifest.ts'
import { namesOf, type NamedStyle } from './styles.ts'

/** Smallest contrast ratio of text by WCAG, level AA. */
const DEFAULT_RATIO = 4.5
/** A difference of colours that is large, but that shades of one colour have. CIEDE2000. */
const DEFAULT_MOST = 20

type Sources = {
  name: string
  /** Those of the asset, in order. */
  styles: readonly Pick<NamedStyle, 'expect'>[]
  defaults: DefaultsFile
  /** Fills variables into a text. */
  fill: (text: string) => string
}

/** Resolves what a picture must be, and what happens if it is not. */
export function resolveExpectations(
  asset: Pick<AssetFile, 'expect' | 'attempts' | 'pick'>,
  { name, styles, defaults, fill }: Sources,
): Pick<Asset, 'expect' | 'attempts' | 'picksBest'> {
  const shared = [defaults.expect, ...styles.map(({ expect }) => expect)]
  const inherited = mergeExpectations(shared)
  const written = mergeExpectations([...shared, asset.expect])
  const expect = fillExpectations(written, fill)
  // What all pictures must be unlike, one of them is by itself.
  for (const test of ['unlike', 'like'] as const) {
    if (written[test] === inherited[test]) leaveOut(expect, test, name)
  }
  const isEmpty = Object.keys(expect).length === 0
  return {
    expect: isEmpty ? null : expect,
    attempts: isEmpty ? 1 : (asset.attempts ?? defaults.attempts ?? 1),
    picksBest: !isEmpty && asset.pick === 'best',
  }
}

/** Merges expectations: later ones override earlier ones key by key, and `false` removes all. */
function mergeExpectations(layers: readonly (ExpectFile | false | undefined)[]): ExpectFile {
  return layers.reduce<ExpectFile>(
    (merged, layer) => (layer === false ? {} : { ...merged, ...layer }),
    {},
  )
}

function leaveOut(expect: Expectations, test: 'unlike' | 'like', name: string): void {
  const others = expect[test]?.filter((other) => other !== name)
  if (others === undefined) return
  if (others.length === 0) delete expect[test]
  else expect[test] = others
}

/** The expectations that are only on or off. */
const switches = ['transparent', 'whole', 'tileable', 'sharp', 'not-blank'] as const
/** The expectations that are lists of texts. */
const lists = ['unlike', 'shows', 'without', 'text', 'like'] as const

/** Fills in defaults and variables, and leaves out what is switched off. */
function fillExpectations(written: ExpectFile, fill: (text: string) => string): Expectations {
  const { quiet, contrast, palette } = written
  const expect: Expectations = {}
  for (const test of switches) if (written[test] === true) expect[test] = true
  if (isExpected(quiet)) expect.quiet = quiet
  if (isExpected(contrast)) {
    expect.contrast = { ...contrast, ratio: contrast.ratio ?? DEFAULT_RATIO }
  }
  if (isExpected(palette)) expect.palette = { ...palette, most: palette.most ?? DEFAULT_MOST }
  for (const test of lists) {
    const texts = written[test]
    if (!isExpected(texts)) continue
    const filled = namesOf(texts).map((text) => fill(text).normalize('NFC').trim())
    expect[test] = [...new Set(filled)]
  }
  return inOrder(expect)
}

function isExpected<T>(value: T | false | undefined): value is T {
  return value !== undefined && value !== false
}

/** The tests in the order in which verdicts are shown. */
const expectationNames: readonly ExpectationName[] = [
  'transparent',
  'whole',
  'quiet',
  'contrast',
  'palette',
  'tileable',
  'sharp',
  'not-blank',
  'unlike',
  'shows',
  'without',
  'text',
  'like',
]

function inOrder(expect: Expectations): Expectations {
  const entries = expectationNames.flatMap((test) =>
    expect[test] === undefined ? [] : [[test, expect[test]] as const],
  )
  return Object.fromEntries(entries) as Expectations
}
