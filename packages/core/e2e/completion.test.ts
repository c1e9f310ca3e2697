import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { complete } from '../src/cli/complete.ts'
import { createTestProject, type TestProject } from './test-project.ts'

const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))

async function shop(): Promise<TestProject> {
  return createTestProject({
    files: {
      'images.yaml': `version: 1
assets:
  hero: { prompt: A boat }
  mug: { prompt: "A {{color}} mug", matrix: { color: [red, Dark blue, $(touch ran)] } }
`,
      'site/images.yaml': 'version: 1\nassets: { 你好: { prompt: A boat } }\n',
    },
  })
}

async function completed({ root }: TestProject, ...words: string[]): Promise<string[]> {
  return (await complete(words, root)).split('\n').slice(0, -1)
}

test('completes commands, options and asset names', async () => {
  const project = await shop()
  expect(await completed(project, 'comp')).toEqual(['compare', 'completion'])
  expect(await completed(project, 'generate', '--ma')).toEqual(['--manifest', '--max-cost'])
  expect(await completed(project, 'plan', '--explain')).toEqual(['--explain-cost'])
  expect(await completed(project, 'show', '')).toEqual([
    'hero',
    'mug/Dark-blue',
    'mug/red',
    'mug/touch-ran',
  ])
  expect(await completed(project, '-C', 'site', 'generate', '--yes', '')).toEqual(['你好'])
  expect(await completed(project, 'generate', '-m', '')).toEqual([])
  expect(await completed(project, 'completion', '')).toEqual(['bash', 'zsh', 'fish'])
  expect(await completed(project, 'presets', '')).toEqual([])
  writeFileSync(join(project.root, 'images.yaml'), 'assets: [')
  expect(await completed(project, 'show', '')).toEqual([])
})

const isInstalled = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0

test.each([
  [
    'bash',
    'COMP_WORDS=(limn show mu); COMP_CWORD=2; _limn limn mu show; printf "%s\\n" "${COMPREPLY[@]}"',
  ],
  ['zsh', 'compadd() { shift; print -l -- "$@"; }; words=(limn show mu); CURRENT=3; _limn'],
  ['fish', 'complete -C "limn show mu"'],
])('completes asset names in %s, and interprets none of them', async (shell, ask) => {
  if (!isInstalled(shell)) return
  const project = await shop()
  const script = (await project.cli(['completion', shell])).stdout
  const limn = join(project.root, 'bin/limn')
  mkdirSync(dirname(limn))
  writeFileSync(limn, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
  chmodSync(limn, 0o755)
  const head = shell === 'zsh' ? 'compdef() { :; }\n' : ''
  const { stdout, stderr } = spawnSync(shell, ['-c', `${head}${script}\n${ask}`], {
    cwd: project.root,
    env: { PATH: `${dirname(limn)}:${process.env['PATH']}` },
    encoding: 'utf8',
  })
  expect(stdout.trim().split('\n'), stderr).toEqual(['mug/Dark-blue', 'mug/red', 'mug/touch-ran'])
})

test('names the shells that it completes', async () => {
  const project = await shop()
  const { code, stderr } = await project.cli(['completion', 'powershell'])
  expect([code, stderr]).toEqual([1, expect.stringContaining('Write one of bash, zsh, fish.')])
})
