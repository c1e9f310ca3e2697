import { tmpdir } from 'node:os'
import { type Measurement, row, runLimn, runProgram, timeAlternating } from './measure.ts'

/** Start-up time of the command line. */
export const start: Measurement = {
  name: 'start',
  async run(size) {
    const times = await timeAlternating(size === 'tiny' ? 1 : 20, {
      node: () => runProgram(process.execPath, ['-e', '0'], { cwd: tmpdir() }),
      help: () => runLimn(['--help'], tmpdir()),
    })
    return [
      row({
        what: 'limn --help',
        limn: times.help,
        peer: 'node -e 0',
        other: times.node,
        unit: 'ms',
        bar: { atMost: 1.5 },
      }),
    ]
  },
}
