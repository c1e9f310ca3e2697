import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import type { HistoryEntry, LimnEvent } from '../src/index.ts'
import { createTestProject, smallManifest, type TestProject } from './test-project.ts'

const clouds = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${index}`, `Cloud number ${index}`]),
  )
const historyOf = ({ root }: TestProject): HistoryEntry[] =>
  readFileSync(join(root, '.limn/history.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryEntry)
const jsonLines = (stdout: string): Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const thisMonth = (): string => new Date().toISOString().slice(0, 7)

/** Records previous spending in the history. */
function spend(
  project: TestProject,
  usd: number | null,
  more: Partial<Record<string, unknown>> = {},
): void {
  mkdirSync(join(project.root, '.limn'), { recursive: true })
  const entry = {
    kind: 'request',
    id: `old-${Math.random()}`,
    run: 'old',
    at: `${thisMonth()}-01T00:00:00.000Z`,
    provider: 'openai',
    asset: 'old',
    model: 'gpt-image-2',
    operation: 'generate',
    size: '1024x1024',
    quality: 'low',
    pictures: 1,
    retries: 0,
    ms: 1000,
    usd,
    outcome: 'ok',
    ...more,
  }
  writeFileSync(join(project.root, '.limn/history.jsonl'), `${JSON.stringify(entry)}\n`, {
    flag: 'a',
  })
}

test('records each request before it is sent and after it ended, and each run, without private data', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A secret lighthouse' }) },
    server: true,
  })
  project.server.next(errors.serverError)
  const { usd } = await project.generate()
  const [sent, failed, sentAgain, ok, run, ...others] = historyOf(project)
  expect(others).toEqual([])
  expect(sent).toMatchObject({
    kind: 'request',
    provider: 'openai',
    asset: 'hero',
    model: 'gpt-image-2.5-flare',
    operation: 'generate',
    size: '816x816',
    quality: 'medium',
    pictures: 1,
    retries: 0,
    outcome: 'sent',
    estimated: true,
  })
  expect(failed).toMatchObject({
    id: (sent as { id: string }).id,
    outcome: 'provider/server',
    usd: 0,
  })
  expect(failed).not.toHaveProperty('estimated')
  expect(sentAgain).toMatchObject({ retries: 1, outcome: 'sent' })
  expect(ok).toMatchObject({ id: (sentAgain as { id: string }).id, outcome: 'ok', usd })
  expect(run).toMatchObject({ kind: 'run', generated: 1, failed: 0, usd, kept: { pictures: 0 } })
  expect(project.text('.limn/history.jsonl')).not.toMatch(/secret|lighthouse|http|sk-/)
  project.expectNoKey()
})

test('counts a request without a recorded outcome at its worst case', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  const worst = (await project.plan()).usd
  project.server.next({ kind: 'hang' })
  const child = project.start(['generate'])
  await expect.poll(() => project.server.inFlight, { timeout: 20_000 }).toBe(1)
  child.kill('SIGKILL')
  await child.done
  const [cost] = jsonLines((await project.cli(['cost', '--json'])).stdout)
  expect(cost).toMatchObject({
    type: 'cost',
    spent: { requests: 1, ok: 0, usd: worst, estimatedUsd: worst },
    month: { month: thisMonth(), usd: worst },
  })
})

test('counts a request that may have been billed against the limit, but not a refused one', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(clouds(3), 'provider: openai\nlimits: { inFlight: 1 }') },
    server: true,
  })
  const each = (await project.plan()).usd / 3
  project.server.next(errors.moderationBlocked)
  project.server.next({ kind: 'cut', afterBytes: 0 })
  const { failed, usd } = await project.project.generate({ maxUsd: each * 1.5 })
  expect(usd).toBeCloseTo(each, 5)
  expect(failed.map(({ error }) => (error as { code: string }).code).sort()).toEqual([
    'budget/exceeded',
    'provider/moderation',
    'provider/network',
  ])
  expect(project.server.requests).toHaveLength(2)
})

test('stops before budget.run, continues with what still fits, and reports what is left and its price', async () => {
  const manifest = smallManifest(
    clouds(3),
    'provider: openai\nlimits: { inFlight: 1 }\nbudget: { run: 0.03 }',
  ).replace('  p0:\n', '  p0:\n    quality: max\n    size: 2048x2048\n')
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  const { code, stdout, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(project.server.requests).toHaveLength(2)
  expect(Object.keys(project.lock().assets)).toEqual(['p1', 'p2'])
  expect(stderr).toMatch(
    /✗ p0: The request may cost \$0\.\d+, but only \$0\.0\d+ of \$0\.030 is left\.\n\s+→ Raise budget\.run in the manifest, or select fewer assets\./,
  )
  expect(stderr).toMatch(/1 not done, to stay within the budget: up to \$0\.\d+ more\./)
  expect(stdout).toMatch(/2 generated \(\$0\.\d+\), 2 files made, 1 left \(up to \$0\.\d+\)\./)
})

test('respects budget.month over several runs and processes, by calendar month', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(clouds(1), 'provider: openai\nbudget: { month: 5 }') },
    server: true,
  })
  spend(project, 4.999)
  spend(project, 100, { at: '2020-01-31T23:59:59.000Z' })
  const refused = await project.cli(['generate'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(
    /The request may cost \$0\.\d+, but only \$0\.001 of \$5\.00 is left for this month\.\n\s+→ Raise budget\.month in the manifest, or wait for the next month \(UTC\)\./,
  )
  expect(project.server.requests).toEqual([])
  project.edit('month: 5', 'month: 6')
  expect(await project.generate()).toMatchObject({ generated: 1 })
})

test('never exceeds budget.month if two processes start together', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(clouds(6)) },
    server: { latencyMs: 50 },
  })
  const each = (await project.plan()).usd / 6
  project.edit('provider: openai', `provider: openai\nbudget: { month: ${each * 3.5} }`)
  await Promise.all([
    project.start(['generate', 'p0', 'p1', 'p2']).done,
    project.start(['generate', 'p3', 'p4', 'p5']).done,
  ])
  expect(project.server.requests).toHaveLength(3)
})

test('skips an incomplete line, and appends on a new line', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  spend(project, 1)
  writeFileSync(join(project.root, '.limn/history.jsonl'), '{"kind":"request","id":"to', {
    flag: 'a',
  })
  const { usd } = await project.generate()
  const [cost] = jsonLines((await project.cli(['cost', '--json'])).stdout)
  expect(cost).toMatchObject({ spent: { requests: 2, usd: 1 + usd } })
})

test('marks estimated costs, in the lockfile and in the costs', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest(
        { hero: 'A lighthouse', shore: 'A shore' },
        'provider: openai\nlimits: { inFlight: 1 }',
      ),
    },
    server: true,
  })
  project.server.next({ kind: 'noUsage' })
  await project.generate()
  const made = Object.values(project.lock().assets).map(({ made }) => made)
  expect(made.filter(({ estimated }) => estimated === true)).toHaveLength(1)
  expect(made.every(({ usd }) => typeof usd === 'number')).toBe(true)
  expect((await project.cli(['show', 'hero'])).stdout).toMatch(/\$0\.\d+ \(estimated\)/)
  const { stdout } = await project.cli(['cost'])
  expect(stdout).toMatch(/2 requests since .*, \$0\.\d+ of it estimated/)
  expect(stdout).not.toContain('↵')
})

test('reports an unknown price as unknown, and never counts it as zero', async () => {
  const manifest = smallManifest({ hero: 'A lighthouse' }).replace(
    'defaults: {',
    'defaults: { model: some-relay-model,',
  )
  const project = await createTestProject({
    files: { 'images.yaml': manifest },
    server: { models: ['some-relay-model'] },
  })
  expect((await project.cli(['cost'])).stdout).toMatch(
    /Forecast\s+price unknown\s+at most, for 1 picture/,
  )
  await project.generate()
  const { stdout } = await project.cli(['cost'])
  expect(stdout).toMatch(/Spent here\s+price unknown\s+1 request since/)
  expect(stdout).toMatch(/In the lockfile\s+price unknown\s+1 picture/)
  expect((await project.cli(['stats'])).stdout).toMatch(
    /some-relay-model\s+1\s+100\.0 %.*\$0 \+ 1 unknown\s+–/,
  )
})

test('groups costs by asset, model, profile, run and month', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ a: 'Cloud a', b: 'Cloud b' }) },
    server: true,
  })
  spend(project, 2, { profile: 'premium' })
  await project.generate()
  project.edit('Cloud b', 'Cloud c')
  const rows = async (by: string): Promise<[string, number][]> =>
    jsonLines((await project.cli(['cost', '--by', by, '--json'])).stdout).flatMap(
      ({ type, name, spent }) =>
        type === 'cost-row'
          ? [[name as string, (spent as { requests: number }).requests] as [string, number]]
          : [],
    )
  expect(await rows('asset')).toEqual([
    ['old', 1],
    ['a', 1],
    ['b', 1],
  ])
  expect(await rows('model')).toEqual([
    ['gpt-image-2', 1],
    ['gpt-image-2.5-flare', 2],
  ])
  expect(await rows('profile')).toEqual([
    ['premium', 1],
    ['none', 2],
  ])
  expect(await rows('month')).toEqual([[thisMonth(), 3]])
  expect((await rows('run')).map(([name, requests]) => [name.split(' ').length, requests])).toEqual(
    [
      [3, 1],
      [3, 2],
    ],
  )
  expect(await project.cli(['cost', '--by', 'modle'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Did you mean "model"?') as unknown,
  })
})

test('reports savings: pictures that a run reused while it requested others', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ a: 'Cloud a', b: 'Cloud b' }) },
    server: true,
  })
  await project.generate()
  const saved = async (): Promise<unknown> =>
    jsonLines((await project.cli(['cost', '--json'])).stdout)[0]!['saved']
  expect(await saved()).toMatchObject({ runs: 1, kept: { pictures: 0 } })
  const kept = project.lock().assets['a']!.made['usd']
  project.edit('Cloud b', 'Cloud c')
  await project.generate()
  // Runs with nothing to do do not count.
  await project.generate()
  expect(await saved()).toMatchObject({
    runs: 2,
    kept: { pictures: 1, usd: kept, unknown: 0 },
    recovered: { pictures: 0 },
  })
  project.edit('Cloud c', 'Cloud b')
  await project.generate()
  expect(await saved()).toMatchObject({
    runs: 3,
    kept: { pictures: 2 },
    recovered: { pictures: 1 },
  })
  expect((await project.cli(['cost'])).stdout).toMatch(
    /Saved\s+\$0\.\d+\s+2 pictures reused over 3 runs, 1 recovered/,
  )
})

test('shows statistics of requests, and reports that there are none', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(clouds(3), 'provider: openai\nlimits: { inFlight: 1 }') },
    server: true,
  })
  expect((await project.cli(['stats'])).stdout).toBe(
    'No data yet: no pictures have been requested on this machine.\n',
  )
  expect((await project.cli(['cost'])).stdout).toMatch(/Spent here\s+\$0\s+no requests yet/)
  project.server.next({ ...errors.rateLimited, headers: { 'retry-after-ms': '10' } })
  project.server.next(errors.moderationBlocked)
  await project.project.generate()
  const [, row] = jsonLines((await project.cli(['stats', '--json'])).stdout)
  expect(row).toMatchObject({
    type: 'stats-row',
    model: 'gpt-image-2.5-flare',
    requests: 4,
    ok: 2,
    refused: 1,
    failed: 1,
    unknown: 0,
  })
  expect(row!['successRate']).toBeCloseTo(2 / 3)
  expect(row!['p95Ms']).toBeGreaterThanOrEqual(row!['meanMs'] as number)
  expect((await project.cli(['stats'])).stdout).toMatch(
    /model\s+requests\s+success .*\ngpt-image-2.5-flare\s+4\s+66\.7 %\s+1\s+1 /,
  )
})

test('shows prices in the currency of the manifest, and keeps limits and JSON in USD', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest(
        clouds(2),
        'provider: openai\ncurrency: { code: CNY, perUsd: 7.1 }\nbudget: { month: 10 }',
      ),
    },
    server: true,
  })
  expect((await project.cli(['plan'])).stdout).toMatch(
    /1 picture\s+CNY 0\.\d{3}[\s\S]*Plan: 2 to generate \(up to CNY 0\.\d{3}\)/,
  )
  const [planned] = jsonLines((await project.cli(['plan', '--json'])).stdout)
  expect((planned!['plan'] as { usd: number }).usd).toBeLessThan(0.05)
  expect((await project.cli(['generate'])).stdout).toMatch(
    /✓ images\/p0\.png .*CNY 0\.\d{3}[\s\S]*2 generated \(CNY 0\.\d{3}\)/,
  )
  expect((await project.cli(['cost'])).stdout).toMatch(/This month\s+CNY 0\.\d{3}\s+of CNY 71\.00/)
  expect((await project.cli(['stats'])).stdout).toMatch(/CNY 0\.\d{3}\s+CNY 0\.\d{3}\n/)
  expect((await project.cli(['show', 'p0'])).stdout).toContain('CNY 0.')
})

test('reserves more for a run that requests partials', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest({ hero: 'A lighthouse' }).replace(
        'defaults: {',
        'defaults: { model: gpt-image-2.5-flare,',
      ),
    },
    server: true,
  })
  const { usd } = await project.plan()
  const events: LimnEvent[] = []
  const { failed } = await project.project.generate({
    maxUsd: usd,
    partials: 3,
    onEvent: (event) => events.push(event),
  })
  expect(failed).toMatchObject([{ asset: 'hero', error: { code: 'budget/exceeded' } }])
  expect(project.server.requests).toEqual([])
  expect(await project.project.generate({ maxUsd: usd * 2, partials: 3 })).toMatchObject({
    generated: 1,
    failed: [],
  })
})

test('forecasts the sum that the plan shows, and counts its candidates', async () => {
  const files = {
    'images.yaml': smallManifest({ a: 'Cloud a', b: 'Cloud number b', c: 'The cloud of number c' }),
  }
  const project = await createTestProject({ files, server: true })
  const sum = async (...args: string[]): Promise<string | undefined> =>
    /(?:up to |Forecast +)(\$\d\.\d+)/.exec((await project.cli(args)).stdout)?.[1]
  // Prices are rounded, and so is their sum: 3 × 0.0116 is 0.035, but the rounded prices add up to 0.036.
  const [planned, forecast] = [await sum('plan'), await sum('cost')]
  const { steps, usd } = await project.plan()
  const shown = steps.reduce(
    (all, step) => all + (step.kind === 'generate' ? Number(step.usd!.toFixed(3)) : 0),
    0,
  )
  expect(usd.toFixed(3)).not.toBe(shown.toFixed(3))
  expect([planned, forecast]).toEqual([`$${shown.toFixed(3)}`, `$${shown.toFixed(3)}`])
  const [cost] = jsonLines((await project.cli(['cost', '--json'])).stdout)
  expect((cost!['forecast'] as { usd: number }).usd).toBeCloseTo(usd, 10)

  project.edit('  a:\n', '  a:\n    candidates: 3\n')
  expect((await project.cli(['cost'])).stdout).toMatch(
    /Forecast +\$\d\.\d+ +at most, for 3 pictures \(5 with candidates\) of `limn plan`/,
  )
  await project.cli(['generate', 'a'])
  const { stdout } = await project.cli(['cost'])
  // The legend has lines of its own: no line break is shown as a character.
  expect(stdout).not.toContain('↵')
  expect(stdout).toMatch(/In the lockfile +\$\d\.\d+ +1 picture \(3 candidates\)\n/)
})
