import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBase } from '../../../../fixtures/hostile-repo/base.ts'
import { runHostile } from '../../../../fixtures/hostile-repo/run-hostile.ts'
import { createSandbox } from '../../../../fixtures/hostile-repo/sandbox.ts'
import { trapByName } from '../../../../fixtures/hostile-repo/traps.ts'
import { whyNoDevices } from '../../../../fixtures/hostile-repo/traps/replace.ts'
import { commands } from '../../src/cli/registry.ts'
import { openProject } from '../../src/index.ts'
import { argumentsByCommand } from './hostile-arguments.ts'

/*
 * A clone may come from anybody. Every command runs in it, with decoys next to it and a listener:
 * nothing outside is read or changed, nothing connects, nothing hangs, and nothing is printed that
 * a terminal acts on or that looks like a line of Limn's own.
 */

/**
 * One trap of each kind, each with another form of every command; `test:soak` tries all traps with
 * all forms.
 */
const sample = [
  'a link in place of the folder .limn',
  'a link in place of the folder node_modules/.cache/limn',
  'links in place of masters, inputs and included files',
  'links in place of files of .limn and of the machine',
  'FIFOs in place of files of .limn and of the machine',
  'FIFOs in place of the folders of .limn',
  'devices in place of masters, inputs and included files',
  'links to themselves in place of images.yaml',
  'links to themselves in place of masters, inputs and included files',
  'huge files in place of masters, inputs and included files',
  'a lockfile with hostile names of assets and outputs',
  'deeply nested JSON in .limn',
  'records of .limn that lead to other files',
  'files of the journal and of the candidates with hostile names',
  'a .env that names a stranger, and grants',
  'programs of a project',
  'a valid manifest with line breaks in every text',
  'SVGs that reach out',
  'pictures that unpack to gigabytes',
]
const isSoak = process.env['MODE'] === 'soak'
const traps = isSoak ? Object.keys(trapByName) : sample

const script = new URL('hostile-commands.ts', import.meta.url)
let sandbox: Awaited<ReturnType<typeof createSandbox>>

beforeAll(async () => {
  sandbox = await createSandbox(afterAll)
  await createBase(sandbox, (cwd) => openProject({ cwd }).generate())
})

test('runs every command in a hostile clone', () => {
  expect(Object.keys(argumentsByCommand).sort()).toEqual(Object.keys(commands).sort())
})

const noDevices = whyNoDevices()

test.for(traps)('harms nobody outside a clone with %s', async (trap, { skip }) => {
  if (trap.startsWith('devices')) skip(noDevices !== undefined, noDevices)
  const { problems, reports } = await runHostile(
    script,
    sandbox,
    trap,
    isSoak ? [] : [String(traps.indexOf(trap))],
  )
  expect(problems).toEqual([])
  expect(reports.length).toBeGreaterThan(0)
  expect(sandbox.connections).toBe(0)
})
