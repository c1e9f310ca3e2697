import { type Measurement, row, runScript, type Size } from './measure.ts'

const assetsBySize: Record<Size, number> = { tiny: 100, normal: 10_000, full: 10_000 }
const runsBySize: Record<Size, number> = { tiny: 1, normal: 5, full: 9 }

/** Targets of the contact sheet's grid. */
const TARGETS = { firstPaint: 1000, frame: 50, task: 50, heap: 150 }

/** What `scripts/measure-sheet.ts` prints, one value per run. */
type SheetTimes = { firstPaint: number[]; frame: number[]; task: number[]; heap: number[] }

/** The grid of the contact sheet in Chromium: first pictures, scrolling, memory. */
export const sheet: Measurement = {
  name: 'sheet',
  async run(size, onProgress) {
    const assets = assetsBySize[size]
    onProgress(`contact sheet, ${assets} assets`)
    const times = await runScript<SheetTimes>('measure-sheet.ts', [
      String(assets),
      String(runsBySize[size]),
    ])
    const target = { peer: 'target', bar: { atMost: 1 } }
    return [
      row({
        ...target,
        what: `contact sheet shows its first pictures, ${assets} assets`,
        limn: times.firstPaint,
        other: TARGETS.firstPaint,
        unit: 'ms',
      }),
      row({
        ...target,
        what: `contact sheet, longest frame while scrolling, ${assets} assets`,
        limn: times.frame,
        other: TARGETS.frame,
        unit: 'ms',
      }),
      row({
        ...target,
        what: `contact sheet, longest task while scrolling (processor time), ${assets} assets`,
        limn: times.task,
        other: TARGETS.task,
        unit: 'ms',
      }),
      row({
        ...target,
        what: `contact sheet, heap after scrolling, ${assets} assets`,
        limn: times.heap,
        other: TARGETS.heap,
        unit: 'MB',
      }),
    ]
  },
}
