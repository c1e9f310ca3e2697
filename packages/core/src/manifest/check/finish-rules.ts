import { cutsCorners, type Finish, finishSteps } from '../finish.ts'
import type { Output } from '../manifest.ts'
import { pathOfField } from './field-path.ts'
import type { Checked, Report } from './rule.ts'

/** A finishing step that an output can't have. */
type Misfit = { when: (output: Output, finish: Finish) => boolean; explain: Explain }

type Explain = (output: Output) => { message: string; hint: string }

/** Adding a misfit is adding an entry. */
const misfits: readonly Misfit[] = [
  {
    when: ({ format }) => format === 'svg',
    explain: ({ file, finish }) => ({
      message: `${file} can't have \`${finishSteps.find((step) => finish?.[step] !== undefined)}\`: finishing steps change pixels, and an SVG has none.`,
      hint: 'Write `formats: [webp]` or another format of pixels.',
    }),
  },
  {
    when: ({ format, background }, finish) =>
      format === 'jpeg' && background === null && cutsCorners(finish),
    explain: ({ file, finish }) => ({
      message: `${file} can't have \`${nameCut(finish)}\`: a JPEG has no transparent corners.`,
      hint: "Write `formats: [webp, png]`, or a `background`, for example '#ffffff'.",
    }),
  },
  {
    when: (_, { round, circle }) => round !== undefined && circle === true,
    explain: ({ preset }) => ({
      message: `The output "${preset}" has both \`round\` and \`circle\`.`,
      hint: 'Remove one of them.',
    }),
  },
  {
    when: ({ width, height, fit }, { circle }) =>
      circle === true && (width !== height || fit === 'inside'),
    explain: ({ preset }) => ({
      message: `\`circle\` requires a square, but the output "${preset}" is none.`,
      hint: 'Write the same `width` and `height` with `fit: cover`, or `round` in its place.',
    }),
  },
  {
    when: ({ format }, { heal }) => heal !== undefined && format === 'gif',
    explain: ({ file }) => ({
      message: `${file} can't have \`heal\`: each frame of an animation would be healed differently.`,
      hint: 'Write `formats: [webp, png]`, or remove `heal`.',
    }),
  },
  {
    when: ({ fit, padding }, { heal }) => heal !== undefined && (fit === 'contain' || padding > 0),
    explain: ({ preset }) => ({
      message: `\`heal\` joins the edges of the picture, but the output "${preset}" has a border.`,
      hint: 'Write `fit: cover`, and remove `padding`.',
    }),
  },
]

function nameCut(finish: Finish | undefined): string {
  return finish?.circle === true ? 'circle' : 'round'
}

/** Finds finishing steps that do not fit their output. */
export function checkFinish(checked: Checked, report: Report): void {
  for (const asset of checked.manifest.assets) {
    for (const output of asset.outputs) {
      const { finish } = output
      if (finish === undefined) continue
      const misfit = misfits.find(({ when }) => when(output, finish))
      if (misfit === undefined) continue
      report({
        code: 'finish',
        path: pathOfField(checked, asset, 'outputs'),
        part: 'key',
        ...misfit.explain(output),
      })
      break
    }
  }
}
