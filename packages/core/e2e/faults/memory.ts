import { expect } from 'vitest'

/** NODE_OPTIONS that make a process print its peak resident memory when it exits. */
export const REPORT_MEMORY = `--import data:text/javascript,${encodeURIComponent("process.on('exit',()=>process.stderr.write('PEAK '+Math.round(process.resourceUsage().maxRSS/1024)+'\\n'))")}`

/** Parses the peak resident memory of a process that ran with `REPORT_MEMORY`, MB. */
export function parsePeakMemory(stderr: string): number {
  const peak = /^PEAK (\d+)$/m.exec(stderr)?.[1]
  expect(peak, stderr).toBeDefined()
  return Number(peak)
}
