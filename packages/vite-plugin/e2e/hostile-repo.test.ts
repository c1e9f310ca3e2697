import { openProject } from '@limn/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBase } from '../../../fixtures/hostile-repo/base.ts'
import { runHostile } from '../../../fixtures/hostile-repo/run-hostile.ts'
import { createSandbox } from '../../../fixtures/hostile-repo/sandbox.ts'
import { trapByName } from '../../../fixtures/hostile-repo/traps.ts'

/*
 * The dev server and the build in a hostile clone: see `hostile-repo.test.ts` of core. Pages,
 * `public/` and `.env` files are Vite's own, which follows links in their place.
 */

const ofVite =
  /pages|folder (public|src)|all folders of sources|of the machine|in \.limn$|files in place/

/** One trap of each kind; `test:soak` tries all of them. */
const sample = [
  'a link in place of the folder node_modules/.cache/limn',
  'FIFOs in place of masters, inputs and included files',
  'records of .limn that lead to other files',
  'a failover between strangers',
  'SVGs that reach out',
]
const traps =
  process.env['MODE'] === 'soak'
    ? Object.keys(trapByName).filter((trap) => !ofVite.test(trap))
    : sample

const script = new URL('hostile-site.ts', import.meta.url)
let sandbox: Awaited<ReturnType<typeof createSandbox>>

beforeAll(async () => {
  sandbox = await createSandbox(afterAll)
  await createBase(sandbox, (cwd) => openProject({ cwd }).generate())
})

test.each(traps)('a site with %s harms nobody outside of it', async (trap) => {
  const { problems, reports } = await runHostile(script, sandbox, trap)
  expect(problems).toEqual([])
  expect(reports.length).toBeGreaterThan(0)
  expect(sandbox.connections).toBe(0)
})
