import { type Measurement, row, runScript, type Size } from './measure.ts'

const runsBySize: Record<Size, number> = { tiny: 1, normal: 5, full: 9 }

/** What `scripts/examine.ts` prints, ms. */
type ExamineTimes = Record<'opaque' | 'transparent', { limn: number[]; avif: number[] }>

/** The free tests of a master, compared with encoding it as AVIF. */
export const examine: Measurement = {
  name: 'examine',
  async run(size, onProgress) {
    const edges = size === 'tiny' ? [192, 128] : [1536, 1024]
    onProgress(`all free tests of a picture of ${edges.join(' × ')} px`)
    const times = await runScript<ExamineTimes>('examine.ts', [
      ...edges.map(String),
      String(runsBySize[size]),
    ])
    return (['opaque', 'transparent'] as const).map((kind) =>
      row({
        what: `all free tests of ${kind === 'opaque' ? 'an opaque' : 'a transparent'} picture, ${edges.join(' × ')} px`,
        limn: times[kind].limn,
        peer: 'encoding its AVIF',
        other: times[kind].avif,
        unit: 'ms',
        bar: { atMost: 1 },
      }),
    )
  },
}
