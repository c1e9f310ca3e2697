import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { data } from './data.ts'
import { derive } from './derive.ts'
import { examine } from './examine.ts'
import { generate } from './generate.ts'
import { growth } from './growth.ts'
import { large } from './large.ts'
import { holds, type Measurement, type Row, type Size } from './measure.ts'
import { memory } from './memory.ts'
import { pace } from './pace.ts'
import { plan } from './plan.ts'
import { queue } from './queue.ts'
import { sheet } from './sheet.ts'
import { start } from './start.ts'
import { formatTable } from './table.ts'
import { vite } from './vite.ts'

/** All measurements, in the order of the table. */
const measurements: readonly Measurement[] = [
  plan,
  growth,
  data,
  large,
  derive,
  examine,
  generate,
  pace,
  memory,
  queue,
  start,
  sheet,
  vite,
]

const help = `npx pnpm@12 bench [--only NAME,…] [--size tiny|normal|full] [--json FILE]

Benchmarks Limn against each baseline in alternating runs on the same machine, and prints the
ratios. Names: ${measurements.map(({ name }) => name).join(', ')}. A normal run takes a quarter of an hour, a full one an hour.
Without --only and --size, the results are also written to bench/results.json.
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

type NamedRow = Row & { measurement: string }

async function main(): Promise<number> {
  const only = values.only?.split(',')
  const names = measurements.map(({ name }) => name)
  const isValid =
    only?.every((name) => names.includes(name)) !== false &&
    ['tiny', 'normal', 'full'].includes(values.size)
  if (values.help === true || !isValid) {
    process.stdout.write(help)
    return values.help === true ? 0 : 1
  }
  if (!buildCore()) return 1
  const loadBefore = loadavg()[0]!
  process.stderr.write(`load of the machine at the start: ${loadBefore.toFixed(1)}\n`)
  const rows = await measure(
    measurements.filter(({ name }) => only?.includes(name) !== false),
    values.size as Size,
  )
  process.stdout.write(`${describeMachine(loadBefore)}\n\n${formatTable(rows)}`)
  const isPublished = only === undefined && values.size === 'normal'
  const file =
    values.json ??
    (isPublished ? fileURLToPath(new URL('results.json', import.meta.url)) : undefined)
  if (file !== undefined) writeFileSync(file, formatResults(rows, loadBefore))
  return 0
}

/** Runs measurements one after the other, and prints each ratio to standard error. */
async function measure(selected: readonly Measurement[], size: Size): Promise<NamedRow[]> {
  const rows: NamedRow[] = []
  for (const { name, run } of selected) {
    const measured = await run(size, (text) => process.stderr.write(`${name}: ${text}\n`))
    rows.push(...measured.map((row) => ({ measurement: name, ...row })))
    for (const { what, peer, ratio } of measured) {
      process.stderr.write(`${name}: ${what}: ${ratio.toFixed(2)} × ${peer}\n`)
    }
  }
  return rows
}

/** Describes what the results depend on. Other load makes all of them slower. */
function describeMachine(loadBefore: number): string {
  return `${availableParallelism()} × ${cpus()[0]!.model}, ${process.platform}, Node ${process.version}. Load of the machine: ${loadBefore.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after. Values are medians, with the middle half of the values in parentheses.`
}

/** Formats results as JSON, with the machine that they were measured on. */
function formatResults(rows: readonly NamedRow[], loadBefore: number): string {
  const machine = {
    cores: availableParallelism(),
    cpu: cpus()[0]!.model,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    load: [loadBefore, loadavg()[0]!].map((load) => Number(load.toFixed(1))),
  }
  const rounded = rows.map((row) => ({
    ...row,
    limn: round(row.limn),
    other: round(row.other),
    spread: {
      limn: row.spread.limn?.map(round) ?? null,
      other: row.spread.other?.map(round) ?? null,
    },
    ratio: round(row.ratio),
    holds: holds(row) ?? null,
  }))
  return `${JSON.stringify({ machine, rows: rounded }, null, 2)}\n`
}

/** Bundles the core, so that the command line is measured as it is published. */
function buildCore(): boolean {
  const script = fileURLToPath(new URL('../packages/core/scripts/bundle.ts', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', script], {
    encoding: 'utf8',
  })
  if (status !== 0) process.stderr.write(`The core can't be built:\n${stderr}\n`)
  return status === 0
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
