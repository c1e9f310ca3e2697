import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { derive } from './derive.ts'
import { generate } from './generate.ts'
import { growth } from './growth.ts'
import { holds, type Measurement, type Row, type Size } from './measure.ts'
import { memory } from './memory.ts'
import { plan } from './plan.ts'
import { start } from './start.ts'
import { formatTable } from './table.ts'
import { vite } from './vite.ts'

/** Every measurement, in the order of the table. */
const measurements: readonly Measurement[] = [plan, growth, derive, generate, memory, start, vite]

const help = `npx pnpm@12 bench [--only NAME,…] [--size tiny|normal|full] [--json FILE]

Measures Limn beside what it is held against, in turns on the same machine, and prints the
ratios. Names: ${measurements.map(({ name }) => name).join(', ')}. A normal run takes a quarter of an hour, a full one an hour.
Without --only and --size the figures are also written to bench/results.json.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    size: { type: 'string', default: 'normal' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
process.exitCode = await main()

async function main(): Promise<number> {
  const only = values.only?.split(',')
  const unknown = only?.find(
    (name) => !measurements.some((measurement) => measurement.name === name),
  )
  if (
    values.help === true ||
    unknown !== undefined ||
    !['tiny', 'normal', 'full'].includes(values.size)
  ) {
    process.stdout.write(help)
    return values.help === true ? 0 : 1
  }
  if (!buildCore()) return 1
  const before = loadavg()[0]!
  const rows: (Row & { measurement: string })[] = []
  for (const { name, run } of measurements) {
    if (only !== undefined && !only.includes(name)) continue
    const measured = await run(values.size as Size, (text) =>
      process.stderr.write(`${name}: ${text}\n`),
    )
    rows.push(...measured.map((figures) => ({ measurement: name, ...figures })))
    for (const { what, peer, ratio } of measured) {
      process.stderr.write(`${name}: ${what}: ${ratio.toFixed(2)} × ${peer}\n`)
    }
  }
  process.stdout.write(formatTable(rows))
  const file =
    values.json ??
    (only === undefined && values.size === 'normal'
      ? fileURLToPath(new URL('results.json', import.meta.url))
      : undefined)
  const machine = {
    cores: availableParallelism(),
    cpu: cpus()[0]!.model,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    load: [before, loadavg()[0]!].map((load) => Number(load.toFixed(1))),
  }
  const rounded = rows.map((figures) => ({
    ...figures,
    limn: round(figures.limn),
    other: round(figures.other),
    ratio: round(figures.ratio),
    holds: holds(figures) ?? null,
  }))
  if (file !== undefined) {
    writeFileSync(file, `${JSON.stringify({ machine, rows: rounded }, null, 2)}\n`)
  }
  return 0
}

/** The command line is measured as it is published: compiled. */
function buildCore(): boolean {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const { status, stdout } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'packages/core/tsconfig.build.json'],
    { cwd: root, encoding: 'utf8' },
  )
  if (status !== 0) process.stderr.write(`The core can't be built:\n${stdout}\n`)
  return status === 0
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
