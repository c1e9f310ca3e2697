import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, layers } from './oxlint.config.ts'

const repo = import.meta.dirname

/** Lints some files, by their path in the repo, under the repo's own configuration. */
function lint(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-lint-'))
  copyFileSync(join(repo, 'oxlint.config.ts'), join(root, 'oxlint.config.ts'))
  symlinkSync(join(repo, 'node_modules'), join(root, 'node_modules'), 'junction')
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const oxlint = join(repo, 'node_modules/oxlint/bin/oxlint')
  const args = [oxlint, '--format', 'unix', 'packages']
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  expect(status).toBe(stdout.includes('[Error') ? 1 : 0)
  return stdout
}

const type = 'export type Thing = { name: string }\n'
const core = 'packages/core/src'

describe('import order', () => {
  test('accepts an import from a folder below', () => {
    const output = lint({
      [`${core}/run/run.ts`]: `export type { Thing } from '../plan/plan.ts'\n`,
      [`${core}/plan/plan.ts`]: type,
    })
    expect(output).not.toContain('Error')
  })

  test.each([
    ['import', `import { run } from '../run/run.ts'\nexport const again = run\n`],
    ['type import', `import type { Thing } from '../run/run.ts'\nexport type Other = Thing\n`],
    ['re-export', `export { run } from '../run/run.ts'\n`],
    ['type re-export', `export type { Thing } from '../run/run.ts'\n`],
    ['dynamic import', `export const load = () => import('../run/run.ts')\n`],
    ['import() type', `export type Other = import('../run/run.ts').Thing\n`],
  ])('rejects an upward %s', (_, text) => {
    const output = lint({
      [`${core}/plan/plan.ts`]: text,
      [`${core}/run/run.ts`]: `${type}export const run = 1\n`,
    })
    expect(output).toMatch(/plan\.ts:.*(no-restricted-imports|consistent-type-imports)/)
  })

  test('rejects an upward import from a nested folder and from a root file', () => {
    const output = lint({
      [`${core}/manifest/parse/parse.ts`]: `export type { Thing } from '../../plan/plan.ts'\n`,
      [`${core}/digest.ts`]: `export type { Thing } from './plan/plan.ts'\n`,
      [`${core}/plan/plan.ts`]: type,
    })
    expect(output).toMatch(/parse\.ts:.*no-restricted-imports/)
    expect(output).toMatch(/digest\.ts:.*no-restricted-imports/)
  })

  test('rejects what the command line may not use, and a path into another package', () => {
    const output = lint({
      [`${core}/cli/main.ts`]: `export type { Thing } from '../plan/plan.ts'\n`,
      [`${core}/plan/plan.ts`]: type,
      'packages/vite-plugin/src/plugins/css.ts': `export type { Thing } from '../../../core/src/plan/plan.ts'\n`,
    })
    expect(output).toMatch(/main\.ts:.*no-restricted-imports/)
    expect(output).toMatch(/css\.ts:.*no-restricted-imports/)
  })

  test('orders the folders of the page of the contact sheet, with files of components', () => {
    const page = 'packages/contact-sheet/src/page'
    const output = lint({
      'packages/contact-sheet/src/protocol.ts': type,
      [`${page}/controls/button.tsx`]: `export type { Thing } from '../../protocol.ts'\n`,
      [`${page}/controls/menu.tsx`]: `export type { Thing } from '../grid/grid.tsx'\n`,
      [`${page}/store/store.ts`]: `export type { Thing } from '../controls/button.tsx'\n`,
      [`${page}/asset/panel/panel.tsx`]: `export type { Thing } from '../../shell/app.tsx'\n`,
      [`${page}/grid/grid.tsx`]: type,
      [`${page}/shell/app.tsx`]: `export type { Thing } from '../../../../core/src/plan/plan.ts'\n`,
      'packages/contact-sheet/src/picture-path.ts': `export type { Thing } from './page/grid/grid.tsx'\n`,
    })
    expect(output).not.toMatch(/button\.tsx:.*no-restricted-imports/)
    for (const file of ['menu.tsx', 'store.ts', 'panel.tsx', 'app.tsx', 'picture-path.ts']) {
      expect(output).toMatch(new RegExp(`${file.replace('.', '\\.')}:.*no-restricted-imports`))
    }
  })

  test('rejects side effects in the planner', () => {
    const output = lint({ [`${core}/plan/plan.ts`]: `export { readFileSync } from 'node:fs'\n` })
    expect(output).toMatch(/plan\.ts:.*no-restricted-imports/)
  })
})

describe('file access', () => {
  test.each([
    ['a write', `export { writeFileSync } from 'node:fs'\n`],
    ['a deletion', `import { rm } from 'node:fs/promises'\nexport const remove = rm\n`],
    ['a rename without the prefix', `export { renameSync } from 'fs'\n`],
    ['a read', `export { readFile } from 'node:fs/promises'\n`],
    ['everything', `import fs from 'node:fs'\nexport const remove = fs.rmSync\n`],
    ['a namespace', `import * as fs from 'node:fs'\nexport const remove = fs.rmSync\n`],
    ['the promises', `export { promises } from 'node:fs'\n`],
    ['the raw module', `export { fs } from '../disk/node-builtins.ts'\n`],
  ])('rejects %s outside disk/', (_, text) => {
    const output = lint({
      [`${core}/store/masters.ts`]: text,
      [`${core}/disk/node-builtins.ts`]: `export const fs = 1\n`,
    })
    expect(output).toMatch(/masters\.ts:.*no-restricted-imports/)
  })

  test('accepts a write in disk/, in tests and outside core’s sources, and a stat anywhere', () => {
    const output = lint({
      [`${core}/disk/project-files.ts`]: `export { rename } from 'node:fs/promises'\n`,
      [`${core}/store/masters.test.ts`]: `export { writeFileSync } from 'node:fs'\n`,
      [`${core}/store/masters.ts`]: `export { lstatSync, type Stats } from 'node:fs'\n`,
      'packages/core/e2e/site.ts': `export { rmSync } from 'node:fs'\n`,
    })
    expect(output).not.toContain('Error')
  })

  test('lets the Vite plugin open files only through core', () => {
    const output = lint({
      'packages/vite-plugin/src/styles/copy.ts': `export { utimes } from 'node:fs/promises'\n`,
      'packages/vite-plugin/src/styles/read.ts': `export { readFileSync } from 'node:fs'\n`,
    })
    expect(output).toMatch(/copy\.ts:.*no-restricted-imports/)
    expect(output).toMatch(/read\.ts:.*no-restricted-imports/)
  })
})

test.each(Object.entries(layers))('orders every folder and root file of %s', (pkg, order) => {
  const entries = readdirSync(join(repo, folderOf(pkg)))
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.(tsx?|css)$/, ''))
  expect(entries.sort()).toEqual([...order].sort())
})

describe('import cycles', () => {
  test.each([
    [
      'values',
      `import { b } from './b.ts'\nexport const a = b\n`,
      `import { a } from './a.ts'\nexport const b = a\n`,
    ],
    [
      'types',
      `import type { B } from './b.ts'\nexport type A = B[]\n`,
      `import type { A } from './a.ts'\nexport type B = A[]\n`,
    ],
  ])('rejects a cycle of %s', (_, a, b) => {
    const output = lint({ [`${core}/plan/a.ts`]: a, [`${core}/plan/b.ts`]: b })
    expect(output).toMatch(/a\.ts:.*no-cycle/)
  })
})
