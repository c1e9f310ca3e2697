import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript-5'
import { createTypeSchemas, type JsonSchema } from './type-schemas.ts'

/*
 * Derives the JSON Schema of `--json` from the code: the argument of each call of `output.event` is
 * what a command prints. A command prints the events of its own module and of the modules of the
 * command line that it imports.
 */

const root = join(import.meta.dirname, '..')
const cli = join(root, 'src/cli')
/** They name every command, and print nothing themselves. */
const REGISTRY = ['registry.ts', 'help.ts', 'complete.ts', 'parse-arguments.ts']
/** Modules whose events every command can print. */
const SHARED = ['report-error.ts']

/** The file of the package with the schema. */
export type OutputSchema = JsonSchema & { $defs: Record<string, JsonSchema> }

/**
 * Returns the schema: `$defs` has one definition per command (`command:plan`), one per shape of an
 * event (`event:planned`), and the types that they share.
 */
export function createOutputSchema(): OutputSchema {
  const program = openProgram()
  const types = createTypeSchemas(program.getTypeChecker())
  const commands = readdirSync(join(cli, 'commands')).filter((file) => file.endsWith('.ts'))
  const shared = SHARED.map((file) => join(cli, file))
  const commandDefs: Record<string, JsonSchema> = {}
  const events = new Map<string, string>()
  for (const file of commands.toSorted()) {
    const files = [...reachable(program, join(cli, 'commands', file)), ...shared]
    const lines = files.flatMap((each) => printedTypes(program, each)).flatMap(types.lines)
    const names = new Set(lines.map((line) => nameEvent(line, events)))
    commandDefs[`command:${basename(file, '.ts')}`] = {
      anyOf: [...names].map((name) => ({ $ref: `#/$defs/${name}` })),
    }
  }
  const named = Object.fromEntries([...events].map(([text, name]) => [name, JSON.parse(text)]))
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'The lines that the commands of Limn print with --json',
    anyOf: Object.keys(commandDefs).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: { ...commandDefs, ...named, ...types.shared() },
  }
}

/** Names an event by its type; several shapes of one type are numbered. */
function nameEvent(schema: JsonSchema, events: Map<string, string>): string {
  const text = JSON.stringify(schema)
  const known = events.get(text)
  if (known !== undefined) return known
  const { type } = schema['properties'] as Record<string, JsonSchema | undefined>
  const types = type === undefined ? ['document'] : [type['const'] ?? type['enum']].flat()
  const names = new Set(events.values())
  const base = `event:${types.join('-or-')}`
  let name = base
  for (let index = 2; names.has(name); index++) name = `${base}:${index}`
  events.set(text, name)
  return name
}

function openProgram(): ts.Program {
  const path = join(root, 'tsconfig.json')
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: object }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const entry = readdirSync(join(cli, 'commands')).map((file) => join(cli, 'commands', file))
  return ts.createProgram([...entry, ...SHARED.map((file) => join(cli, file))], {
    ...options,
    noEmit: true,
    skipLibCheck: true,
  })
}

/** Returns the modules of the command line that a module imports, and itself. */
function reachable(program: ts.Program, start: string): Set<string> {
  const found = new Set([start])
  for (const file of found) {
    for (const { fileName } of importsOf(program, file)) {
      const path = resolve(dirname(file), fileName)
      const place = relative(cli, path)
      const isOwn = !place.startsWith('..') && !REGISTRY.includes(place) && existsSync(path)
      if (fileName.startsWith('.') && isOwn) found.add(path)
    }
  }
  return found
}

function importsOf(program: ts.Program, file: string): ts.FileReference[] {
  const text = program.getSourceFile(file)?.text ?? ''
  return ts.preProcessFile(text, true, true).importedFiles
}

/** Returns the types of what a module prints. */
function printedTypes(program: ts.Program, file: string): ts.Type[] {
  const types: ts.Type[] = []
  const checker = program.getTypeChecker()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isPrint(node)) {
      types.push(checker.getTypeAtLocation(node.arguments[0]!))
    }
    ts.forEachChild(node, visit)
  }
  const source = program.getSourceFile(file)
  if (source !== undefined) visit(source)
  return types
}

function isPrint({ expression, arguments: { length } }: ts.CallExpression): boolean {
  return (
    length === 1 &&
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === 'event' &&
    expression.expression.getText().endsWith('output')
  )
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(createOutputSchema())}\n`)
