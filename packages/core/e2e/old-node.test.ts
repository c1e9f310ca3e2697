import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = (file: string): string => fileURLToPath(new URL(`../src/${file}`, import.meta.url))

/** Runs a program in a Node that claims to be an older version. */
function runAs(version: string, args: readonly string[]): { code: number | null; output: string } {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, ...args],
    { encoding: 'utf8', env: {} },
  )
  return { code: status, output: stdout + stderr }
}

test.each(['18.20.8', '20.20.2', '22.21.0'])('names the required version on Node %s', (version) => {
  const expected = `Limn requires Node 22.22 or later; this is Node ${version}.\n`
  for (const command of ['--version', 'plan', 'generate']) {
    expect(runAs(version, [source('cli/bin.ts'), command])).toEqual({ code: 1, output: expected })
  }
})

test.each(['18.20.8', '20.20.2', '22.17.1'])('names it from a clone on Node %s', (version) => {
  const bin = fileURLToPath(new URL('../bin.js', import.meta.url))
  for (const command of ['--version', 'plan', 'init']) {
    // These versions cannot load TypeScript.
    expect(runAs(version, ['--no-strip-types', bin, command])).toEqual({
      code: 1,
      output: `Limn requires Node 22.22 or later; this is Node ${version}.\n`,
    })
  }
  expect(runAs('22.22.0', [bin, '--version'])).toEqual({
    code: 0,
    output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  })
})

test.each(['index.ts', 'for-vite/start.ts'])('fails with one sentence as %s is loaded', (file) => {
  const { code, output } = runAs('20.20.2', [
    '--input-type=module',
    '--eval',
    `await import('${source(file)}').catch((error) => { console.log(error.stack); process.exit(1) })`,
  ])
  expect(output).toBe('Limn requires Node 22.22 or later; this is Node 20.20.2.\n')
  expect(code).toBe(1)
})

test('checks the version before anything else is loaded', () => {
  const imports = (file: string): string[] =>
    [...readFileSync(source(file), 'utf8').matchAll(/^(?:import '|.*from ')([^']+)'/gm)].map(
      ([, from]) => from ?? '',
    )
  expect(imports('cli/bin.ts')).toEqual(['../node-version.ts'])
  expect(imports('node-version.ts')).toEqual([])
  expect(imports('index.ts')[0]).toBe('./require-node.ts')
  expect(imports('for-vite/start.ts')[0]).toBe('../require-node.ts')
})
