import { enableCompileCache } from 'node:module'
import type * as core from '../../packages/core/src/index.ts'

enableCompileCache()
// Imports the compiled code, as it is published.
const { openProject } = (await import(
  new URL('../../packages/core/dist/index.js', import.meta.url).href
)) as typeof core

/*
 * Generates everything that a project's manifest requests. Prints the time without the start of the
 * process, and the time until the last picture was generated (ms).
 */
const [root] = process.argv.slice(2) as [string]
const project = openProject({ cwd: root, env: process.env })
const started = performance.now()
let generatedMs = 0
const { failed, derived, generated } = await project.generate({
  onEvent(event) {
    if (event.type === 'generated') generatedMs = performance.now() - started
  },
})
if (failed.length > 0) throw failed[0]!.error
process.stdout.write(
  `${JSON.stringify({ ms: performance.now() - started, generatedMs, derived, generated })}\n`,
)
