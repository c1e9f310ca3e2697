import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const repo = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(repo, path), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

/** Commands of pnpm itself, and programs of packages that are installed at the root. */
const known = ['install', 'exec', 'changeset']

const workflows = globSync('.github/workflows/*.yml', { cwd: repo })

test.each(workflows)('runs only commands and files that exist in %s', (path) => {
  const text = read(path).replace(/^\s*#.*$/gm, '')
  const commands = [...text.matchAll(/(?:run|version|publish): (.+)$/gm)].map(([, line]) => line!)
  const named = commands.flatMap(
    (line) => /^(?:npx -y )?pnpm(?:@12)? ([\w:-]+)/.exec(line)?.[1] ?? [],
  )
  expect(named.filter((name) => !known.includes(name) && scripts[name] === undefined)).toEqual([])
  const files = commands.flatMap((line) => line.match(/[\w./-]+\.(?:ts|sh)\b|\.ci\/run/g) ?? [])
  expect(files.filter((file) => !existsSync(join(repo, file)))).toEqual([])
  expect(commands.length).toBeGreaterThan(2)
})

test.each(workflows)('gives its token no more than it needs in %s', (path) => {
  expect(read(path)).toMatch(/^permissions: \{( contents: read )?\}$/m)
})
