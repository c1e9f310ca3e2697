import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { redisMissing } from '../../fixtures/redis-server.ts'

test('runs every measurement at the smallest size', () => {
  const folder = mkdtempSync(join(tmpdir(), 'limn-bench-'))
  try {
    const file = join(folder, 'results.json')
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--no-warnings',
        fileURLToPath(new URL('../main.ts', import.meta.url)),
        '--size',
        'tiny',
        '--json',
        file,
      ],
      { encoding: 'utf8' },
    )
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/Load of the machine: [\d.]+ before, [\d.]+ after/)
    const { machine, rows } = JSON.parse(readFileSync(file, 'utf8')) as {
      machine: object
      rows: { measurement: string; limn: number; other: number; spread: object }[]
    }
    expect([...new Set(rows.map(({ measurement }) => measurement))]).toEqual([
      'plan',
      'growth',
      'data',
      'large',
      'derive',
      'examine',
      'generate',
      'pace',
      'memory',
      ...(redisMissing === undefined ? ['queue'] : []),
      'start',
      'sheet',
      'vite',
    ])
    for (const { limn, other } of rows) expect(Number.isFinite(limn / other)).toBe(true)
    for (const { spread } of rows) expect(Object.keys(spread)).toEqual(['limn', 'other'])
    expect(JSON.stringify(machine)).not.toContain(tmpdir())
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 600_000)
