import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A repository for tests, which is removed after the test. */
export type TestRepository = {
  folder: string
  /** Runs git and returns what it prints. */
  git(...args: string[]): string
  write(path: string, content: string | Uint8Array): void
  /** Commits everything. @returns the hash of the commit */
  commit(message?: string): string
}

/** Starts a repository in a folder. Default: a new one. */
export function createRepository(
  folder: string = mkdtempSync(join(tmpdir(), 'limn-git-')),
): TestRepository {
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: '/nonexistent',
        GIT_CONFIG_NOSYSTEM: '1',
        ...Object.fromEntries(
          ['AUTHOR', 'COMMITTER'].flatMap((role) => [
            [`GIT_${role}_NAME`, 'Ada'],
            [`GIT_${role}_EMAIL`, 'ada@example.com'],
            [`GIT_${role}_DATE`, '2026-11-30T10:00:00Z'],
          ]),
        ),
      },
    })
  git('init', '--quiet', '--initial-branch=main')
  return {
    folder,
    git,
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    },
    commit(message = 'Change pictures') {
      git('add', '--all')
      git('commit', '--quiet', '--allow-empty', '--message', message)
      return git('rev-parse', 'HEAD').trim()
    },
  }
}
