import { createJsonSchema } from '../../packages/core/src/project/built-ins.ts'
import { code, plain, table } from './markdown.ts'

/** The part of a JSON Schema that the manifest's uses. */
type Schema = {
  description?: string
  type?: string
  enum?: readonly unknown[]
  const?: unknown
  anyOf?: readonly Schema[]
  items?: Schema
  examples?: readonly unknown[]
  properties?: Readonly<Record<string, Schema>>
  additionalProperties?: Schema | boolean
}

/** Depth of keys that get a section of their own. */
const MAX_DEPTH = 4

/** Lists every key of the manifest, as its JSON Schema describes it. */
export async function manifestPage(): Promise<string> {
  const schema = (await createJsonSchema()) as Schema
  return `# Manifest keys

Every key of \`images.yaml\`, from the JSON Schema that editors use (\`limn schema\`). [The manifest](../manifest.md) introduces them with examples.

${sectionsOf('', schema, 2).join('\n\n')}
`
}

/** Returns a table of the keys of an object, and a section for each key that has keys itself. */
function sectionsOf(path: string, schema: Schema, depth: number): string[] {
  const properties = Object.entries(schema.properties ?? {})
  if (properties.length === 0) return []
  const heading = path === '' ? 'Top level' : code(path)
  const rows = properties.map(([name, property]) => [
    code(name),
    typeOf(property),
    plain(property.description ?? '') + exampleOf(property),
  ])
  const inner = properties.flatMap(([name, property]) => {
    const [own, suffix] = objectOf(property)
    const next = `${path === '' ? '' : `${path}.`}${name}${suffix}`
    return own === undefined || depth >= MAX_DEPTH ? [] : sectionsOf(next, own, depth + 1)
  })
  return [`${'#'.repeat(depth)} ${heading}`, table(['key', 'type', 'meaning'], rows), ...inner]
}

function exampleOf({ examples: [example] = [] }: Schema): string {
  return example === undefined ? '' : ` Example: ${code(JSON.stringify(example))}.`
}

/** Returns the object that a key has, if it has one, and how its place in the path is written. */
function objectOf(schema: Schema): [object: Schema | undefined, suffix: string] {
  if (schema.properties !== undefined) return [schema, '']
  if (typeof schema.additionalProperties === 'object') {
    const [inner] = objectOf(schema.additionalProperties)
    return [inner, '.NAME']
  }
  if (schema.items !== undefined) {
    const [inner] = objectOf(schema.items)
    return [inner, '[]']
  }
  const objects = (schema.anyOf ?? []).map(objectOf).filter(([object]) => object !== undefined)
  return objects[0] ?? [undefined, '']
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(String(schema.const))
  if (schema.enum !== undefined) {
    const values = schema.enum.map(String)
    return values.length > 8 ? 'one of many names' : values.map(code).join(', ')
  }
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  return schema.type ?? 'any'
}
