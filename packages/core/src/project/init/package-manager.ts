import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A package manager. */
export type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun'

const managers: readonly Manager[] = ['npm', 'pnpm', 'yarn', 'bun']

const managerByLockfile: Readonly<Record<string, Manager>> = {
  'pnpm-lock.yaml': 'pnpm',
  'pnpm-workspace.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
}

/**
 * Finds the package manager of a project: the field `packageManager`, the nearest lockfile, the
 * program that started Limn, else npm.
 *
 * @param folders the root and its ancestors, the lowest first
 */
export function detectManager(
  folders: readonly string[],
  pkg: Readonly<Record<string, unknown>> | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Manager {
  const named = managerIn(pkg?.['packageManager'], '@')
  if (named !== undefined) return named
  for (const folder of folders) {
    const file = Object.keys(managerByLockfile).find((name) => existsSync(join(folder, name)))
    if (file !== undefined) return managerByLockfile[file]!
    if (existsSync(join(folder, '.git'))) break
  }
  return managerIn(env['npm_config_user_agent'], '/') ?? 'npm'
}

function managerIn(text: unknown, end: string): Manager | undefined {
  return managers.find((name) => typeof text === 'string' && text.startsWith(`${name}${end}`))
}

/** Returns the command that adds packages to a project for its development. */
export function installCommand(manager: Manager, packages: readonly string[]): string {
  return `${manager === 'npm' ? 'npm install' : `${manager} add`} -D ${packages.join(' ')}`
}

/** Steps of a CI that install the packages of a project and check its pictures. */
export const ciCommands: Readonly<Record<Manager, { install: string; check: string }>> = {
  npm: { install: 'npm ci', check: 'npx limn check' },
  pnpm: { install: 'pnpm install --frozen-lockfile', check: 'pnpm exec limn check' },
  yarn: { install: 'yarn install', check: 'yarn limn check' },
  bun: { install: 'bun install --frozen-lockfile', check: 'bunx limn check' },
}
