import { delimiter } from 'node:path'
import { expect, test } from 'vitest'
import { commandName, nameCommands } from './command-name.ts'

const installed = '/site/node_modules/.bin/limn'

test.each([
  ['npm/11.6.2 node/v24.11.0 linux x64 workspaces/false', 'npx limn'],
  ['pnpm/12.21.0 npm/? node/v24.11.0 linux x64', 'pnpm exec limn'],
  ['yarn/4.9.1 npm/? node/v24.11.0 linux x64', 'yarn limn'],
  ['bun/1.3.2 npm/? node/v24.3.0 linux x64', 'bunx limn'],
])('names the command of the package manager %s', (agent, command) => {
  const env = { npm_config_user_agent: agent, PATH: '/usr/bin' }
  expect(commandName({ env, script: installed, exists: () => true })).toBe(command)
})

test.each([
  [
    'a global installation',
    '/usr/lib/node_modules/@limn/core/dist/cli/bin.js',
    ['/usr/bin/limn'],
    'limn',
  ],
  ['one of the project', installed, [installed], 'npx limn'],
  ['a repository', '/limn/packages/core/src/cli/bin.ts', [], 'limn'],
])('names the command of %s without a package manager', (_, script, files, command) => {
  const env = { PATH: ['', '/usr/bin', '/site/node_modules/.bin'].join(delimiter) }
  expect(commandName({ env, script, exists: (path) => files.includes(path) })).toBe(command)
  expect(commandName({ env: {}, script: installed, exists: () => true })).toBe('npx limn')
})

test('does not take an unknown package manager for one that it knows', () => {
  for (const agent of ['', 'constructor/1', 'deno/2.1.0', 'npm']) {
    const env = { npm_config_user_agent: agent }
    expect(commandName({ env, script: '/limn/bin.ts', exists: () => false })).toBe('limn')
  }
})

test.each([
  ['Run `limn generate`, or `limn pin NAME`.', 'Run `npx limn generate`, or `npx limn pin NAME`.'],
  ['no longer in the manifest (limn prune)', 'no longer in the manifest (npx limn prune)'],
  ['limn list takes no arguments.', 'limn list takes no arguments.'],
  ['.limn/rejected, limn.config.ts, `limn`', '.limn/rejected, limn.config.ts, `limn`'],
])('names the commands in %s', (text, named) => {
  expect(nameCommands(text, () => 'npx limn')).toBe(named)
})
