/*
 * Asks the npm registry whether the names of the packages are free or Limn's own. It can't see
 * whether somebody owns a scope without packages: npm says that when you create the organization.
 */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { adviseOnNames, fallbackScope, type NameState, stateOfName } from './package-names.ts'

const repo = join(import.meta.dirname, '..')
const packages = globSync('packages/*/package.json', { cwd: repo }).map(
  (path) =>
    JSON.parse(readFileSync(join(repo, path), 'utf8')) as { name: string; description: string },
)
const look = ({ name, description }: { name: string; description: string }): NameState =>
  stateOfName(spawnSync('npm', ['view', name, '--json'], { encoding: 'utf8' }), description)

const { lines, canPublish } = adviseOnNames(
  new Map(packages.map((each) => [each.name, look(each)])),
)
process.stdout.write(`${lines.join('\n')}\n`)
if (!canPublish) {
  const others = packages.map((each) => ({
    ...each,
    name: each.name.replace(/^@limn(?=\/)/, fallbackScope),
  }))
  const advice = adviseOnNames(new Map(others.map((each) => [each.name, look(each)])))
  process.stdout.write(`${advice.lines.join('\n')}\n`)
}
process.exitCode = canPublish ? 0 : 1
