import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { quoteForShell } from './quote-for-shell.ts'

test.each([
  ['shop/images.yaml', 'shop/images.yaml'],
  ['../a:b@1.2%', '../a:b@1.2%'],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['$(touch x); `y` "z" \\', `'$(touch x); \`y\` "z" \\'`],
  ['图片', "'图片'"],
])('quotes %j', (argument, quoted) => {
  expect(quoteForShell(argument)).toBe(quoted)
  if (process.platform === 'win32') return
  const { stdout } = spawnSync('sh', ['-c', `printf %s ${quoted}`], { encoding: 'utf8' })
  expect(stdout).toBe(argument)
})
