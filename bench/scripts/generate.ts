import { enableCompileCache } from 'node:module'

enableCompileCache()
// As it is published: compiled.
const { openProject } = (await import(
  new URL('../../packages/core/dist/index.js', import.meta.url).href
)) as typeof import('../../packages/core/src/index.ts')

/*
 * Carries out all that a project's manifest asks for. Prints how long it took (ms, without
 * the start of the process), and how long the pictures alone took.
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
