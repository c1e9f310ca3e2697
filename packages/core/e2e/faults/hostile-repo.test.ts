import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBase } from '../../../../fixtures/hostile-repo/base.ts'
import { runHostile } from '../../../../fixtures/hostile-repo/run-hostile.ts'
import { createSandbox } from '../../../../fixtures/hostile-repo/sandbox.ts'
import { trapByName } from '../../../../fixtures/hostile-repo/traps.ts'
import { commands } from '../../src/cli/registry.ts'
import { openProject } from '../../src/index.ts'
import { argumentsByCommand } from './hostile-arguments.ts'

/*
 * A clone may come from anybody. Every command runs in it, with decoys next to it and a listener:
 * nothing outside is read or changed, nothing connects, nothing hangs, and nothing is printed that
 * a terminal acts on.
 */

const script = new URL('hostile-commands.ts', import.meta.url)
let sandbox: Awaited<ReturnType<typeof createSandbox>>

beforeAll(async () => {
  sandbox = await createSandbox(afterAll)
  await createBase(sandbox, (cwd) => openProject({ cwd }).generate())
})

test('runs every command in a hostile clone', () => {
  expect(Object.keys(argumentsByCommand).sort()).toEqual(Object.keys(commands).sort())
})

test.each(Object.keys(trapByName))('harms nobody outside a clone with %s', async (trap) => {
  const { problems, reports } = await runHostile(script, sandbox, trap)
  expect(problems).toEqual([])
  expect(reports).toHaveLength(Object.values(argumentsByCommand).flat().length)
  expect(sandbox.connections).toBe(0)
})
