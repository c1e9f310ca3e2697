import { expect } from 'vitest'

// On Linux, `maxRSS` of a process starts at the resident memory of the process that started it, and
// a worker of Vitest may hold a gigabyte. VmHWM counts from the start of the program.
const report = `
process.on('exit', () => {
  let peak = process.resourceUsage().maxRSS
  try {
    const status = process.getBuiltinModule('fs').readFileSync('/proc/self/status', 'utf8')
    peak = Number(/^VmHWM:\\s+(\\d+)/m.exec(status)[1])
  } catch {}
  process.stderr.write('PEAK ' + Math.round(peak / 1024) + '\\n')
})`

/** NODE_OPTIONS that make a process print its peak resident memory when it exits. */
export const REPORT_MEMORY = `--import data:text/javascript,${encodeURIComponent(report)}`

/** Parses the peak resident memory of a process that ran with `REPORT_MEMORY`, MB. */
export function parsePeakMemory(stderr: string): number {
  const peak = /^PEAK (\d+)$/m.exec(stderr)?.[1]
  expect(peak, stderr).toBeDefined()
  return Number(peak)
}
