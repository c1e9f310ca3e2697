import { Ajv, type ValidateFunction } from 'ajv'
import { expect, test } from 'vitest'
import { createOutputSchema } from '../scripts/output-schemas.ts'
import { commands } from '../src/cli/registry.ts'
import { readOutputSchema } from '../src/project/output-schema.ts'
import { createTestProject, smallManifest } from './test-project.ts'

const schema = createOutputSchema()
const ajv = new Ajv({ allowUnionTypes: true }).addSchema(schema, 'output')

/** Arguments with which a command succeeds, in this order, and some with which it fails. */
const runs: readonly (readonly string[])[] = [
  ['plan', '--explain-cost'],
  ['check'],
  ['generate', '--dry-run'],
  ['generate'],
  ['plan'],
  ['check'],
  ['list'],
  ['show', 'hero'],
  ['show', 'nobody'],
  ['explain', 'hero'],
  ['print'],
  ['print', 'hero'],
  ['presets'],
  ['styles'],
  ['cost'],
  ['cost', '--by', 'asset'],
  ['stats'],
  ['doctor'],
  ['batch'],
  ['batch', 'cancel', 'nobody'],
  ['trust'],
  ['trust', 'grant', 'nonsense'],
  ['pin', 'hero'],
  ['pin', 'hero', '--off'],
  ['pick', 'hero', '9'],
  ['examine'],
  ['examine', 'nobody'],
  ['describe'],
  ['describe', 'nobody'],
  ['describe', '--confirm'],
  ['adopt', 'hero'],
  ['restore', 'hero'],
  ['restore', 'hero', '7'],
  ['mv', 'hero', 'lead'],
  ['mv', 'nobody', 'lead'],
  ['prune', '--dry-run'],
  ['prune'],
  ['merge', 'nowhere'],
  ['compare', 'nowhere'],
  ['report', '--out', 'report.html'],
  ['completion', 'bash'],
  ['completion', 'none'],
  ['cache', 'stat'],
  ['cache', 'push'],
  ['cache', 'pull'],
  ['cache', 'verify'],
  ['cache', 'gc', '--dry-run'],
  ['init'],
  ['init', '--dry-run'],
  ['import', 'images', '--yes'],
  ['import', 'nowhere'],
  ['migrate', 'imagetools', '--dry-run'],
  ['migrate', 'nothing'],
  ['ui', '--port', 'none'],
  ['watch', '--max-cost', 'none'],
  ['worker'],
  ['mcp', '--max-cost', 'none'],
]

test('describes what every command prints', async () => {
  const { cli } = await createTestProject({
    files: {
      'images.yaml': `${smallManifest({ hero: 'A harbour', mug: 'A red mug' })}remote: { url: ./shared }\n`,
    },
  })
  const silent: string[] = []
  for (const args of runs) {
    const { stdout } = await cli([...args, '--json'])
    const lines = stdout.split('\n').filter((line) => line !== '')
    expectLines(args, lines)
    if (lines.length === 0) silent.push(args.join(' '))
  }
  // Lists that are empty.
  expect(silent).toEqual(['batch', 'trust', 'restore hero', 'init --dry-run'])
  const tested = new Set([...runs.map(([name]) => name!), 'schema'])
  expect(Object.keys(commands).filter((name) => !tested.has(name))).toEqual([])
}, 60_000)

test.each([
  ['plan', 'assets: {hero: 3'],
  ['list', 'assets: { hero: { prompt: 4 } }\n'],
  ['generate', 'nonsense: true\n'],
])('describes the mistakes that %s reports', async (name, manifest) => {
  const { cli } = await createTestProject({ files: { 'images.yaml': manifest } })
  const { code, stdout } = await cli([name, '--json'])
  expect(code).toBe(1)
  expectLines([name], stdout.trimEnd().split('\n'))
})

test('rejects an event with a property, a type or a version that the code lacks', () => {
  const validate = validatorOf('pin')
  const pinned = { type: 'pinned', asset: 'hero' }
  expect(validate({ ...pinned, version: 1 })).toBe(true)
  expect(validate({ ...pinned, more: 1 })).toBe(false)
  expect(validate({ ...pinned, version: 2 })).toBe(false)
  expect(validate({ ...pinned, type: 'renamed' })).toBe(false)
  expect(validate({ type: 'pinned' })).toBe(false)
})

test('has a definition for every command, and no event of an unknown shape', () => {
  for (const name of Object.keys(commands)) expect(schema.$defs).toHaveProperty(`command:${name}`)
  const open = Object.entries(schema.$defs).filter(
    ([name, { additionalProperties }]) =>
      name.startsWith('event:') && additionalProperties !== false,
  )
  expect(open.map(([name]) => name)).toEqual([])
})

function validatorOf(command: string): ValidateFunction {
  return ajv.getSchema(`output#/$defs/command:${command}`)!
}

/** Checks each line, and that only the first one has the version. */
function expectLines(args: readonly string[], lines: readonly string[]): void {
  const validate = validatorOf(args[0]!)
  for (const [index, line] of lines.entries()) {
    const event = JSON.parse(line) as Record<string, unknown>
    expect(validate(event), `${args.join(' ')}: ${line}\n${ajv.errorsText(validate.errors)}`).toBe(
      true,
    )
    expect(event['version'], line).toBe(index === 0 ? 1 : undefined)
  }
}

test('reads the schema of the output of one command, with the definitions that it needs', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A harbour' }) },
  })
  project.write('output.schema.json', JSON.stringify(schema))
  const path = `${project.root}/output.schema.json`
  for (const name of Object.keys(commands)) {
    const own = readOutputSchema(name, path)
    expect(Object.keys(own['$defs'] as object)).not.toEqual([])
  }
  const { stdout } = await project.cli(['list', '--json'])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  const list = new Ajv({ allowUnionTypes: true }).compile(readOutputSchema('list', path))
  const pin = new Ajv({ allowUnionTypes: true }).compile(readOutputSchema('pin', path))
  expect(lines.map((line) => [list(line), pin(line)])).toEqual(lines.map(() => [true, false]))
})
