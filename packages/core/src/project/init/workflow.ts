import { relative } from 'node:path'
import { type ProjectFacts, readText } from './detect.ts'
import { ciCommands } from './package-manager.ts'

/**
 * Returns a workflow for GitHub that checks the pictures of each pull request, and its path in the
 * repository. Returns `undefined` for a project without `package.json`: there is nothing to
 * install.
 */
export function createWorkflow(facts: ProjectFacts): { path: string; text: string } | undefined {
  const { root, repository = root, manager, pkg } = facts
  if (pkg === undefined) return undefined
  const folder = relative(repository, root).replaceAll('\\', '/')
  const name = folder === '' ? 'limn' : `limn-${folder.replaceAll(/[^a-z0-9]+/gi, '-')}`
  const { install, check } = ciCommands[manager]
  const lines = [
    'name: Pictures',
    'on: pull_request',
    'permissions:',
    '  contents: read',
    'jobs:',
    '  check:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v6',
    ...setupSteps(facts),
    '      - uses: actions/setup-node@v6',
    '        with:',
    '          node-version: 24',
    `      - run: ${install}`,
    `      - run: ${check} --format github`,
    ...(folder === '' ? [] : [`        working-directory: ${JSON.stringify(folder)}`]),
  ]
  return { path: `.github/workflows/${name}.yml`, text: `${lines.join('\n')}\n` }
}

/** Returns the steps that install the package manager; `setup-node` has npm and Yarn. */
function setupSteps({ manager, root, repository = root }: ProjectFacts): string[] {
  if (manager === 'bun') return ['      - uses: oven-sh/setup-bun@v2']
  if (manager !== 'pnpm') return []
  // The action requires a version unless package.json names one, and rejects two.
  const isNamed = readText(repository, 'package.json')?.includes('"packageManager"') === true
  const version = isNamed ? [] : ['        with:', '          version: latest']
  return ['      - uses: pnpm/action-setup@v4', ...version]
}
