import { expect, test } from 'vitest'
import { atTerminal } from './at-terminal.ts'
import { createTestProject, smallManifest } from './test-project.ts'

const three = { a: 'Cloud a', b: 'Cloud b', c: 'Cloud c' }
/** Three pictures that cost about forty cents each. */
const dear = smallManifest(three).replace(
  'defaults: {',
  'defaults: { quality: max, size: 3072x2048,',
)

test('asks at a terminal before it spends more than a dollar, and shows the plan once', async () => {
  const project = await createTestProject({ files: { 'images.yaml': dear }, server: true })
  expect((await project.plan()).usd).toBeGreaterThan(1)
  const no = await atTerminal(project, ['generate'], 'n')
  expect(no.code).toBe(1)
  expect(no.stdout).toContain('Plan: 3 to generate')
  expect(no.stderr).toMatch(/Spend up to \$\d\.\d\d\? \[y\/N\] .*Error: Nothing was done\./s)
  expect(await atTerminal(project, ['generate'], null)).toMatchObject({ code: 1 })
  expect(await atTerminal(project, ['generate'], '')).toMatchObject({ code: 1 })
  expect(project.server.requests).toEqual([])

  const yes = await atTerminal(project, ['generate'], 'yes')
  expect(yes.code).toBe(0)
  expect(yes.stdout.match(/Plan: 3 to generate/g)).toHaveLength(1)
  expect(project.server.requests).toHaveLength(3)
})

test('fails without a terminal unless --yes, --max-cost, a saved plan or a CI gives consent', async () => {
  const project = await createTestProject({ files: { 'images.yaml': dear }, server: true })
  const refused = await project.cli(['generate'])
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /This run may cost up to \$\d\.\d\d\. Runs over \$1\.00 need confirmation, but there is no terminal to ask on\.\n\s+→ Add --yes or --max-cost USD, or raise budget\.confirm in the manifest\./,
    ) as unknown,
  })
  expect((await project.cli(['generate', '--json'])).stdout).toContain('"code":"budget/not-agreed"')
  expect(await atTerminal(project, ['generate', '--json'], 'y')).toMatchObject({ code: 1 })
  expect(project.server.requests).toEqual([])
  expect(await project.cli(['generate', 'a', '--yes'])).toMatchObject({ code: 0 })
  expect(await project.cli(['generate', 'b', '--force', '--max-cost', '2'])).toMatchObject({
    code: 0,
  })
  project.edit('Cloud a', 'Cloud d')
  project.edit('Cloud b', 'Cloud e')
  expect(await project.cli(['plan', '--out', 'plan.json'])).toMatchObject({ code: 0 })
  expect(await project.cli(['generate', '--plan', 'plan.json'])).toMatchObject({ code: 0 })
  for (const name of ['d', 'e', 'c']) project.edit(`Cloud ${name}`, `Hill ${name}`)
  expect(await atTerminal(project, ['generate'], 'n', { CI: 'true' })).toMatchObject({ code: 0 })
})

test('asks above budget.confirm, and for unknown prices', async () => {
  const low = await createTestProject({
    files: { 'images.yaml': smallManifest(three, 'provider: openai\nbudget: { confirm: 0.01 }') },
    server: true,
  })
  expect(await low.cli(['generate'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Runs over $0.010 need confirmation') as unknown,
  })
  const high = await createTestProject({
    files: { 'images.yaml': dear.replace('defaults:', 'budget: { confirm: 5 }\ndefaults:') },
    server: true,
  })
  expect(await high.cli(['generate'])).toMatchObject({ code: 0 })
  const relay = smallManifest({ hero: 'A lighthouse' }).replace(
    'defaults: {',
    'defaults: { model: some-relay-model,',
  )
  const unknown = await createTestProject({
    files: { 'images.yaml': relay },
    server: { models: ['some-relay-model'] },
  })
  unknown.edit('defaults:', 'budget: { confirm: 5 }\ndefaults:')
  expect(await unknown.cli(['generate'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('and the unknown price of 1 asset') as unknown,
  })
  unknown.edit('budget: { confirm: 5 }\n', '')
  expect(await unknown.cli(['generate'])).toMatchObject({ code: 0 })
})
