import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { createJsonSchema } from '../src/manifest/parse/schema.ts'
import { readOutputSchema } from '../src/project/output-schema.ts'
import { createTestProject } from './test-project.ts'

test('prints the JSON Schema that the build writes into the package', async () => {
  const { cli } = await createTestProject()
  const { code, stdout } = await cli(['schema'])
  expect(code).toBe(0)
  expect(stdout).toBe(`${JSON.stringify(createJsonSchema(), null, 2)}\n`)
  const { scripts, files } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { scripts: { build: string }; files: string[] }
  const written = await cli(['schema', '--json'])
  expect(JSON.parse(written.stdout)).toMatchObject(createJsonSchema())
  expect(scripts.build).toContain('node src/cli/bin.ts schema --json > images.schema.json')
  expect(files).toContain('images.schema.json')
})

test('prints the schema of the request of a command, which the build writes too', async () => {
  const { cli } = await createTestProject()
  const { stdout } = await cli(['schema', 'command-request'])
  const guide = readFileSync(new URL('../../../docs/commands.md', import.meta.url), 'utf8')
  const example: unknown = JSON.parse(/```json\n([^]*?)```/.exec(guide)![1]!)
  const validate = new Ajv().compile(JSON.parse(stdout) as object)
  expect(validate(example), JSON.stringify(validate.errors)).toBe(true)
  for (const wrong of [
    {},
    { ...(example as object), protocol: 2 },
    { ...(example as object), width: 0 },
  ]) {
    expect(validate(wrong)).toBe(false)
  }
  const { files } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { files: string[] }
  expect(files).toContain('command.schema.json')
})

test.each([
  ['plann', 'Did you mean "plan"?'],
  ['nonsense', 'Name a command, such as `limn schema plan`, or command-request.'],
  ['__proto__', 'Name a command, such as `limn schema plan`, or command-request.'],
])('knows no schema of %s', async (name, hint) => {
  const { cli } = await createTestProject()
  const { code, stderr } = await cli(['schema', name])
  expect(code).toBe(1)
  expect(stderr).toContain(hint)
})

test('says what to do in a clone that was not built', () => {
  expect(() => readOutputSchema('plan', '/nowhere/output.schema.json')).toThrow(
    'The package has no output.schema.json.',
  )
})
