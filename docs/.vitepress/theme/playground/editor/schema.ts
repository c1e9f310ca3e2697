/** The part of JSON Schema that the schema of the manifest uses. */
export type Schema = {
  description?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  type?: string | string[]
  enum?: unknown[]
  enumDescriptions?: string[]
  const?: unknown
}

/** Something to complete: a key or a value. */
export type Choice = { label: string; description: string }

/** Returns the schemas of a place: one for each form that its value can have. */
export function schemasAt(schema: Schema, path: readonly string[]): Schema[] {
  return path.reduce((found, key) => found.flatMap((each) => step(each, key)), formsOf(schema))
}

function formsOf(schema: Schema): Schema[] {
  const { anyOf = [], oneOf = [], allOf = [] } = schema
  return [schema, ...[...anyOf, ...oneOf, ...allOf].flatMap(formsOf)]
}

function step(schema: Schema, key: string): Schema[] {
  const { properties = {}, additionalProperties, items } = schema
  if (key === '*' && items !== undefined) return formsOf(items)
  if (Object.hasOwn(properties, key)) return formsOf(properties[key]!)
  return typeof additionalProperties === 'object' ? formsOf(additionalProperties) : []
}

/** Returns the keys that maps of the schemas can have. */
export function keysOf(schemas: readonly Schema[]): Choice[] {
  return unique(
    schemas.flatMap(({ properties = {} }) =>
      Object.entries(properties).map(([label, { description = '' }]) => ({ label, description })),
    ),
  )
}

/** Returns the values that the schemas name. */
export function valuesOf(schemas: readonly Schema[]): Choice[] {
  return unique(
    schemas.flatMap((schema) => {
      const { enum: values = [], enumDescriptions = [] } = schema
      const named = values.map((value, index) => choice(value, enumDescriptions[index]))
      const types = [schema.type ?? []].flat()
      return [
        ...named,
        ...(schema.const === undefined ? [] : [choice(schema.const, schema.description)]),
        ...(types.includes('boolean') && values.length === 0 ? [choice(true), choice(false)] : []),
      ]
    }),
  )
}

function choice(value: unknown, description = ''): Choice {
  return { label: String(value), description }
}

function unique(choices: readonly Choice[]): Choice[] {
  const byLabel = new Map<string, Choice>()
  for (const each of choices) if (!byLabel.has(each.label)) byLabel.set(each.label, each)
  return [...byLabel.values()]
}
