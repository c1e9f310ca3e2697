import { expect } from 'vitest'

/** As NODE_OPTIONS: a process tells its peak of resident memory at its end. */
export const TELL_MEMORY = `--import data:text/javascript,${encodeURIComponent("process.on('exit',()=>process.stderr.write('PEAK '+Math.round(process.resourceUsage().maxRSS/1024)+'\\n'))")}`

/** What a process that was to tell it held at most, MB. */
export function peakOf(stderr: string): number {
  const peak = /^PEAK (\d+)$/m.exec(stderr)?.[1]
  expect(peak, stderr).toBeDefined()
  return Number(peak)
}
